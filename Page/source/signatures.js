// What the browser's WebCrypto does for the verifier: Ed25519, SHA-256, HKDF. No curve arithmetic is in the module.
import { bytesOf, concat } from './module.js';

const ed25519 = 'Ed25519';
// RFC 8410: what stands before the 32 bytes of a seed in PKCS#8.
const pkcs8 = Uint8Array.from(atob('MC4CAQAwBQYDK2VwBCIEIA=='), (character) => character.charCodeAt(0));

/** Whether this page may use WebCrypto at all, and whether it knows Ed25519: `insecure`, `oldBrowser` or nothing. */
export async function problemWithCrypto() {
    if (!globalThis.crypto?.subtle) return 'insecure';
    try {
        await crypto.subtle.importKey('raw', new Uint8Array(32), ed25519, false, ['verify']);
        return undefined;
    } catch (error) {
        return error.name === 'NotSupportedError' ? 'oldBrowser' : undefined;
    }
}

export const platform = {
    async isValid(key, signature, message) {
        try {
            const imported = await crypto.subtle.importKey('raw', key, ed25519, false, ['verify']);
            return await crypto.subtle.verify(ed25519, imported, signature, message);
        } catch {
            return false; // bytes that are no point
        }
    },
    sha256: async (bytes) => new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)),
};

/**
 * The item key of a hidden code (formats.md section 6): HKDF-SHA-256 of the seed under the item's identity, taken as the
 * seed of an Ed25519 key. The public half comes out of the platform as a JWK.
 */
export async function itemKey(seed, identity) {
    const base = await crypto.subtle.importKey('raw', seed, 'HKDF', false, ['deriveBits']);
    const derivation = { name: 'HKDF', hash: 'SHA-256', salt: bytesOf('traceledger/item/v1'), info: bytesOf(identity) };
    const bits = new Uint8Array(await crypto.subtle.deriveBits(derivation, base, 256));
    const key = await crypto.subtle.importKey('pkcs8', concat(pkcs8, bits), ed25519, true, ['sign']);
    const { x } = await crypto.subtle.exportKey('jwk', key);
    const base64 = x.replaceAll('-', '+').replaceAll('_', '/');
    return {
        publicKey: Uint8Array.from(atob(base64), (character) => character.charCodeAt(0)),
        sign: async (message) => new Uint8Array(await crypto.subtle.sign(ed25519, key, message)),
    };
}

// The host's side of the verifier: the calling convention of Sources/TraceVerificationWasm/Fields.swift.
import { createHash, createPublicKey, verify } from 'node:crypto';
import { readFile } from 'node:fs/promises';

const ok = 0, refused = 1; // Status in Fields.swift; 2 is asked

export async function loadVerifier(path) {
    const { instance } = await WebAssembly.instantiate(await readFile(path), {});
    return new Verifier(instance.exports);
}

export class Refused extends Error {}

class Verifier {
    constructor(exports) { this.exports = exports; }

    /** Calls one function; a BigInt is a number field, a string is text, an array of digests is one field. */
    call(name, ...fields) {
        const [status, ...values] = this.exchange(name, fields);
        if (status === refused) throw new Refused(values[0].toString());
        if (status !== ok) throw new Error(`${name} answered ${status}`);
        return values;
    }

    /** Calls a function that checks signatures, twice: to be asked, then with the answers of this host's Ed25519. */
    callChecked(name, ...fields) {
        const [status, ...asked] = this.exchange(name, [Buffer.from([0]), ...fields]);
        if (status === refused) throw new Refused(asked[0].toString());
        const valid = [];
        for (let at = 0; at < asked.length; at += 3) {
            const question = asked.slice(at, at + 3);
            if (isValid(...question)) valid.push(createHash('sha256').update(Buffer.concat(question)).digest());
        }
        return this.call(name, Buffer.concat([Buffer.from([1]), ...valid]), ...fields);
    }

    exchange(name, fields) {
        const input = encode(fields);
        const pointer = this.exports.tv_alloc(input.length);
        new Uint8Array(this.exports.memory.buffer, pointer, input.length).set(input);
        const result = this.exports[`tv_${name}`](pointer, input.length);
        const memory = Buffer.from(this.exports.memory.buffer);
        const length = memory.readUInt32LE(result);
        const [status, ...values] = decode(Buffer.from(memory.subarray(result + 4, result + 4 + length)));
        this.exports.tv_free(result);
        return [status[0], ...values];
    }
}

/** Ed25519 as the platform has it; a page does the same with crypto.subtle. */
function isValid(key, signature, message) {
    const jwk = { kty: 'OKP', crv: 'Ed25519', x: key.toString('base64url') };
    return verify(null, message, createPublicKey({ key: jwk, format: 'jwk' }), signature);
}

function encode(fields) {
    return Buffer.concat(fields.flatMap((field) => {
        let bytes = field;
        if (typeof field === 'bigint') {
            bytes = Buffer.alloc(8);
            bytes.writeBigUInt64LE(field);
        } else if (typeof field === 'string') {
            bytes = Buffer.from(field);
        } else if (Array.isArray(field)) {
            // Digests stand one after the other; one of another length would vanish in that row.
            if (field.some((digest) => digest.length !== 32)) throw new Refused('a hash is not 32 bytes');
            bytes = Buffer.concat(field);
        }
        const length = Buffer.alloc(4);
        length.writeUInt32LE(bytes.length);
        return [length, bytes];
    }));
}

function decode(buffer) {
    const fields = [];
    for (let position = 0; position < buffer.length;) {
        const length = buffer.readUInt32LE(position);
        fields.push(buffer.subarray(position + 4, position + 4 + length));
        position += 4 + length;
    }
    return fields;
}

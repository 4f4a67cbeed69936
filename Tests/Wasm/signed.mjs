// Receipts and notes that Node's own crypto signs, byte by byte as RFC 9942 and C2SP say, and each with one bit changed.
import { createHash, createPrivateKey, createPublicKey, sign } from 'node:crypto';

const sha256 = (...parts) => createHash('sha256').update(Buffer.concat(parts)).digest();
const leafHash = (entry) => sha256(Buffer.from([0]), entry);
const node = (left, right) => sha256(Buffer.from([1]), left, right);

const seed = Buffer.alloc(32, 7);
const privateKey = createPrivateKey({
    key: Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]), format: 'der', type: 'pkcs8',
});
const publicKey = Buffer.from(createPublicKey(privateKey).export({ format: 'jwk' }).x, 'base64url');
const origin = 'example.org/ledger';

// Deterministic CBOR, as much as a receipt needs.
function head(major, value) {
    if (value < 24) return Buffer.from([major << 5 | value]);
    if (value < 256) return Buffer.from([major << 5 | 24, value]);
    if (value < 65536) return Buffer.from([major << 5 | 25, value >> 8, value & 255]);
    const wide = Buffer.from([major << 5 | 26, 0, 0, 0, 0]);
    wide.writeUInt32BE(value, 1);
    return wide;
}
const int = (value) => value < 0 ? head(1, -1 - value) : head(0, value);
const bstr = (bytes) => Buffer.concat([head(2, bytes.length), bytes]);
const tstr = (text) => Buffer.concat([head(3, Buffer.byteLength(text)), Buffer.from(text)]);
const array = (...items) => Buffer.concat([head(4, items.length), ...items]);
const map = (...entries) => Buffer.concat([head(5, entries.length), ...entries.flat()]);
const tag = (number, item) => Buffer.concat([head(6, number), item]);

const kid = sha256(map([int(1), int(1)], [int(-1), int(6)], [int(-2), bstr(publicKey)])).subarray(0, 8);

function receipt(root, size, index, path) {
    const claims = map([int(1), tstr(origin)], [int(2), tstr(origin)]);
    const protectedHeader = map([int(1), int(-8)], [int(4), bstr(kid)], [int(15), claims], [int(395), int(1)]);
    const toSign = array(tstr('Signature1'), bstr(protectedHeader), bstr(Buffer.alloc(0)), bstr(root));
    const proof = array(int(size), int(index), array(...path.map(bstr)));
    return tag(18, array(bstr(protectedHeader), map([int(396), map([int(-1), array(bstr(proof))])]),
        Buffer.from([0xf6]), bstr(sign(null, toSign, privateKey))));
}

function vkey(name) {
    const key = Buffer.concat([Buffer.from([1]), publicKey]);
    const id = sha256(Buffer.from(`${name}\n`), key).subarray(0, 4);
    return { id, text: `${name}+${id.toString('hex')}+${key.toString('base64')}` };
}

function note(text, name) {
    const signature = Buffer.concat([vkey(name).id, sign(null, Buffer.from(text), privateKey)]);
    return Buffer.from(`${text}\n\u2014 ${name} ${signature.toString('base64')}\n`);
}

/** A statement of kind 65005 (a note): the entry, and what makes it carry receipts. */
function statement() {
    const claims = map([int(1), tstr('9506000000011')], [int(2), tstr('(01)09506000134352')], [int(6), int(1767225600)]);
    const protectedHeader = map([int(1), int(-8)], [int(3), int(65005)], [int(4), bstr(kid)], [int(15), claims],
        [int(-65601), array(int(0), bstr(Buffer.alloc(32)))], [int(-65602), bstr(publicKey)]);
    const payload = Buffer.from('a note');
    const toSign = array(tstr('Signature1'), bstr(protectedHeader), bstr(Buffer.alloc(0)), bstr(payload));
    const signature = bstr(sign(null, toSign, privateKey));
    const withHeader = (header) => tag(18, array(bstr(protectedHeader), header, bstr(payload), signature));
    const entry = withHeader(map());
    return { entry, carrying: (receipts) => withHeader(map([int(394), array(...receipts.map(bstr))])) };
}

/** Every variant of `bytes` with one bit changed, one bit a byte. */
function* flipped(bytes) {
    for (let at = 0; at < bytes.length; at += 1) {
        const copy = Buffer.from(bytes);
        copy[at] ^= 1 << (at % 8);
        yield [at, copy];
    }
}

export function signedTests(verifier, test, report) {
    const leaves = ['genesis', 'milk', 'powder'].map((entry) => leafHash(Buffer.from(entry)));
    const left = node(leaves[0], leaves[1]);
    const root = node(left, leaves[2]);
    const good = receipt(root, 3, 1, [leaves[0], leaves[2]]);
    const verifyReceipt = (bytes, leaf = leaves[1], key = publicKey) => {
        const [signedRoot, name] = verifier.callChecked('verify_receipt', bytes, leaf, key);
        if (!signedRoot.equals(root) || name.toString() !== origin) throw new Error('another root or origin');
    };
    test('receipt', true, () => verifyReceipt(good));
    test('receipt of another leaf', false, () => verifyReceipt(good, leaves[0]));
    test('receipt under another key', false, () => verifyReceipt(good, leaves[1], Buffer.alloc(32, 9)));
    // The identity: platforms verify any message under it, our rule refuses it before they are asked.
    const identity = Buffer.concat([Buffer.from([1]), Buffer.alloc(31)]);
    test('receipt under a small-order key', false, () => verifyReceipt(good, leaves[1], identity));
    for (const [at, bytes] of flipped(good)) test(`receipt, byte ${at} changed`, false, () => verifyReceipt(bytes));
    for (let length = 0; length < good.length; length += 1) {
        test(`receipt cut at ${length}`, false, () => verifyReceipt(good.subarray(0, length)));
    }
    test('receipt with a byte behind it', false, () => verifyReceipt(Buffer.concat([good, Buffer.alloc(1)])));
    report('receipts');

    const { entry, carrying } = statement();
    const entryHash = leafHash(entry);
    const transparent = carrying([receipt(node(leaves[0], entryHash), 2, 1, [leaves[0]])]);
    const verifyStatement = (bytes, ledger = publicKey) => {
        const [leaf, issuer] = verifier.callChecked('verify_statement', bytes, publicKey, ledger);
        if (!leaf.equals(entryHash) || issuer.toString() !== '9506000000011') throw new Error('another entry');
    };
    test('statement', true, () => verifyStatement(transparent));
    test('statement under another ledger', false, () => verifyStatement(transparent, Buffer.alloc(32, 9)));
    test('statement with another entry\'s receipt', false, () => verifyStatement(carrying([good])));
    for (const [at, bytes] of flipped(transparent)) {
        test(`statement, byte ${at} changed`, false, () => verifyStatement(bytes));
    }
    report('statements');

    const text = `${origin}\n3\n${root.toString('base64')}\n`;
    const signed = note(text, origin);
    const key = vkey(origin).text;
    const open = (bytes, under = key) => {
        if (verifier.callChecked('open_note', bytes, under)[0].toString() !== text) throw new Error('another text');
        const [name, size, head] = verifier.callChecked('open_checkpoint', bytes, under);
        if (name.toString() !== origin || size.readBigUInt64LE() !== 3n || !head.equals(root)) throw new Error('another head');
    };
    test('checkpoint', true, () => open(signed));
    test('checkpoint of another origin', false, () => open(note(text, 'example.org/other'), vkey('example.org/other').text));
    for (const [at, bytes] of flipped(signed)) test(`checkpoint, byte ${at} changed`, false, () => open(bytes));
    for (const [at, bytes] of flipped(Buffer.from(key))) test(`vkey, byte ${at} changed`, false, () => open(signed, bytes));
    report('notes');
}

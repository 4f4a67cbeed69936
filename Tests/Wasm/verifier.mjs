// The host's side of the verifier: the calling convention of Sources/TraceVerificationWasm/Fields.swift.
import { readFile } from 'node:fs/promises';

export async function loadVerifier(path) {
    const { instance } = await WebAssembly.instantiate(await readFile(path), {});
    return new Verifier(instance.exports);
}

export class Refused extends Error {}

class Verifier {
    constructor(exports) { this.exports = exports; }

    /** Calls one function; a BigInt is a number field, a string is text, an array of buffers is one field. */
    call(name, ...fields) {
        const input = encode(fields);
        const pointer = this.exports.tv_alloc(input.length);
        new Uint8Array(this.exports.memory.buffer, pointer, input.length).set(input);
        const result = this.exports[`tv_${name}`](pointer, input.length);
        const memory = Buffer.from(this.exports.memory.buffer);
        const length = memory.readUInt32LE(result);
        const [status, ...values] = decode(Buffer.from(memory.subarray(result + 4, result + 4 + length)));
        this.exports.tv_free(result);
        if (status[0] !== 0) throw new Refused(values[0].toString());
        return values;
    }
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
            bytes = Buffer.concat(field);
        }
        const length = Buffer.alloc(4);
        length.writeUInt32LE(bytes.length);
        return [length, bytes];
    }));
}

export function decode(buffer) {
    const fields = [];
    for (let position = 0; position < buffer.length;) {
        const length = buffer.readUInt32LE(position);
        fields.push(buffer.subarray(position + 4, position + 4 + length));
        position += 4 + length;
    }
    return fields;
}

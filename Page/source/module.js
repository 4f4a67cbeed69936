// The verifier: Swift's TraceVerification as WebAssembly, called as Sources/TraceVerificationWasm/Fields.swift says.
import { contextBits, unpack } from './lzma.js';

const ok = 0, refused = 1; // Status in Fields.swift; 2 is asked

/** What the verifier says of bytes or text that it does not take. */
export class Refused extends Error {}

/** The field that is not there. */
export const none = new Uint8Array(0);

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** UTF-8 of a text, text of UTF-8. */
export const bytesOf = (text) => encoder.encode(text);
export const textOf = (bytes) => decoder.decode(bytes);

/** One row of fields: a BigInt is a number of eight bytes, a string is text. */
function encode(fields) {
    const parts = fields.map((field) => {
        if (typeof field === 'string') return bytesOf(field);
        if (typeof field !== 'bigint') return field;
        const bytes = new Uint8Array(8);
        new DataView(bytes.buffer).setBigUint64(0, field, true);
        return bytes;
    });
    const row = new Uint8Array(parts.reduce((size, part) => size + 4 + part.length, 0));
    const view = new DataView(row.buffer);
    let at = 0;
    for (const part of parts) {
        view.setUint32(at, part.length, true);
        row.set(part, at + 4);
        at += 4 + part.length;
    }
    return row;
}

function decode(row) {
    const view = new DataView(row.buffer, row.byteOffset, row.length);
    const fields = [];
    for (let at = 0; at < row.length;) {
        const length = view.getUint32(at, true);
        fields.push(row.slice(at + 4, at + 4 + length));
        at += 4 + length;
    }
    return fields;
}

export function concat(...parts) {
    const whole = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
    let at = 0;
    for (const part of parts) {
        whole.set(part, at);
        at += part.length;
    }
    return whole;
}

export class Module {
    /** `compiled`: a WebAssembly.Module; `platform`: what checks signatures and hashes (signatures.js). */
    constructor(compiled, platform) {
        this.compiled = compiled;
        this.platform = platform;
        this.start();
    }

    start() { this.exports = new WebAssembly.Instance(this.compiled, {}).exports; }

    /** Calls one function and returns its fields. */
    call(name, ...fields) {
        const [status, ...values] = this.exchange(name, fields);
        if (status === refused) throw new Refused(textOf(values[0]));
        if (status !== ok) throw new Error(`${name} answered ${status}`);
        return values;
    }

    /**
     * Calls a function that checks signatures, twice: to be asked, then with the answers of this platform. An answer is
     * named by the digest of its question, so that it can stand for no other.
     */
    async callChecked(name, ...fields) {
        const [status, ...asked] = this.exchange(name, [new Uint8Array(1), ...fields]);
        if (status === refused) throw new Refused(textOf(asked[0]));
        const valid = [Uint8Array.of(1)];
        for (let at = 0; at < asked.length; at += 3) {
            const question = asked.slice(at, at + 3);
            if (await this.platform.isValid(...question)) valid.push(await this.platform.sha256(concat(...question)));
        }
        return this.call(name, concat(...valid), ...fields);
    }

    exchange(name, fields) {
        const input = encode(fields);
        try {
            const { exports } = this;
            const pointer = exports.tv_alloc(input.length);
            new Uint8Array(exports.memory.buffer, pointer, input.length).set(input);
            const result = exports[`tv_${name}`](pointer, input.length);
            const length = new DataView(exports.memory.buffer).getUint32(result, true);
            const [status, ...values] = decode(new Uint8Array(exports.memory.buffer, result + 4, length));
            exports.tv_free(result);
            return [status[0], ...values];
        } catch (error) {
            // A trap leaves a heap that nobody may go on with.
            this.start();
            throw error;
        }
    }
}

/** Fields that are names and values in turn, as lists of texts by name. */
export function record(fields) {
    const lists = {};
    for (let at = 0; at + 1 < fields.length; at += 2) (lists[textOf(fields[at])] ??= []).push(textOf(fields[at + 1]));
    return lists;
}

/** The module out of the page: LZMA in base64. `element` says how long it is. */
export function inflate(element) {
    const packed = Uint8Array.from(atob(element.textContent.trim()), (character) => character.charCodeAt(0));
    return WebAssembly.compile(unpack(packed, Number(element.dataset.size), contextBits));
}

// Event payloads in the browser: the goldens say what their JSON says; each cut short or with one bit changed is refused
// or read, and never traps.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const goldens = join(import.meta.dirname, '../Goldens/event-payload');
const kinds = ['ObjectEvent', 'AggregationEvent', 'TransactionEvent', 'TransformationEvent', 'AssociationEvent'];

/** The one event of a document. */
function eventOf(document) {
    return document.epcisBody?.eventList[0] ?? document;
}

export function eventTests(verifier, test, report) {
    for (const file of readdirSync(goldens).filter((name) => name.endsWith('.cbor')).sort()) {
        const payload = readFileSync(join(goldens, file));
        const json = eventOf(JSON.parse(readFileSync(join(goldens, file.replace(/cbor$/, 'json')), 'utf8')));
        test(file, true, () => {
            const [kind, time, subject] = verifier.call('decode_event', payload);
            const found = `${kinds[Number(kind.readBigUInt64LE())]} ${time}`;
            const expected = `${json.type} ${json.eventTime}`;
            if (found !== expected) throw new Error(`${found} instead of ${expected}`);
            if (subject.length === 0) throw new Error('no subject');
        });
        for (let length = 0; length < payload.length; length += 1) {
            test(`${file} cut to ${length}`, false, () => verifier.call('decode_event', payload.subarray(0, length)));
        }
        for (let at = 0; at < payload.length; at += 1) {
            const changed = Buffer.from(payload);
            changed[at] ^= 1 << at % 8;
            try { verifier.call('decode_event', changed); } catch (error) {
                test(`${file} with byte ${at} changed`, false, () => { throw error; });
            }
        }
    }
    // Far from 1970, where seconds no longer fit the 32 bits of an Int here.
    for (const year of ['0001', '1900', '2039', '9999']) {
        const time = Buffer.from(`${year}-06-30T23:59:59+08:00`);
        const payload = Buffer.concat([Buffer.from('a30000017819', 'hex'), time, Buffer.from('021901e0', 'hex')]);
        test(`the year ${year}`, true, () => {
            const [, found] = verifier.call('decode_event', payload);
            if (!found.equals(time)) throw new Error(`${found} instead of ${time}`);
        });
    }
    test('subject', true, () => {
        const [, , subject] = verifier.call('decode_event', readFileSync(join(goldens, 'object.cbor')));
        if (subject.toString() !== '(01)04012345111118(21)9876') throw new Error(`the subject is ${subject}`);
    });
    report('event payloads');
}

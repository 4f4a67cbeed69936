// The cases of Tests/Goldens/stamps through the module, called by the page's own code, with the crypto.subtle that a browser has too.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Module, none, record } from '../../Page/source/module.js';
import { itemKey, platform } from '../../Page/source/signatures.js';

const goldens = join(import.meta.dirname, '../Goldens/stamps');
const file = (name) => new Uint8Array(readFileSync(join(goldens, name)));

/** What the module says of a case, told as the page tells it. */
async function verdict(module, each, change = (name, bytes) => bytes) {
    const stamp = record(module.call('stamp', each.stamp));
    let key = none;
    if (each.code) {
        const [seed] = module.call('hidden_code', each.code);
        key = (await itemKey(seed, stamp.identity[0])).publicKey;
    }
    const read = (end) => each.files.filter((name) => name.endsWith(end)).map((name) => change(name, file(name)));
    const others = each.files.filter((name) => !name.endsWith('policy') && !name.endsWith('registry-pack'));
    const [policy = none, registry = none] = [...read('policy').slice(0, 1), ...read('registry-pack').slice(0, 1)];
    return record(await module.callChecked('verify_stamp', each.stamp, key, BigInt(each.now), policy, registry,
        each.own ? file(each.own) : none, ...others.map((name) => change(name, file(name)))));
}

export async function stampTests(path, check, report) {
    const module = new Module(await WebAssembly.compile(readFileSync(path)), platform);
    const cases = JSON.parse(readFileSync(join(goldens, 'cases.json'), 'utf8'));
    for (const each of cases) {
        const found = await verdict(module, each);
        check(`${each.name} is ${each.verdict}`, found.verdict[0] === each.verdict, found.verdict[0]);
        check(`${each.name} has its sentence in both languages`, found.en[0].length > 30 && found.zh[0].length > 12);
    }
    report('codes');

    // What the host answers is bound to what was asked: a signature that does not hold must not be taken for one that does.
    const deaf = new Module(module.compiled, { ...platform, isValid: async () => false });
    for (const each of cases.filter(({ verdict }) => verdict !== 'unknownKey')) {
        const found = await verdict(deaf, each);
        check(`${each.name} without a signature that holds`, !['issued', 'issuedAndLogged', 'secretMatches'].includes(found.verdict[0]));
    }
    report('signatures that do not hold');

    const logged = cases.find(({ name }) => name === 'logged');
    for (const name of ['item.proof', 'registry-pack']) {
        for (let at = 0; at < file(name).length; at += 11) {
            const flip = (other, bytes) => {
                if (other === name) bytes[at] ^= 1 << at % 8;
                return bytes;
            };
            let found = 'refused';
            try { found = (await verdict(module, logged, flip)).verdict[0]; } catch { /* refused in words */ }
            check(`${name}, byte ${at} changed`, found !== logged.verdict, found);
        }
    }
    report('files with one bit changed');
    await openingTests(module, cases.find(({ name }) => name === 'secret'), check);
    await examineTests(module, cases, check);
    report('openings and files');
}

async function openingTests(module, each, check) {
    const [identity] = record(module.call('stamp', each.stamp)).identity;
    const key = await itemKey(module.call('hidden_code', each.code)[0], identity);
    const nonce = new Uint8Array(16).fill(1);
    // What Swift signed in the goldens, byte for byte: Ed25519 has one signature.
    const ask = (signature) => module.call('activation', each.stamp, key.publicKey, nonce, 1767300000n, signature, file('item.proof'));
    const [message] = ask(none);
    const [statement] = ask(await key.sign(message));
    check('an opening is the one that Swift makes', Buffer.from(statement).equals(Buffer.from(file('first.cose'))));
}

async function examineTests(module, cases, check) {
    const now = BigInt(cases[0].now);
    const look = async (name, registry = none) =>
        record(await module.callChecked('examine', now, file('policy'), registry, file(name)));
    check('a policy is one', (await look('other-policy')).kind[0] === 'policy');
    check('a registry pack verifies', (await look('registry-pack')).refused === undefined);
    check('an older one is told', (await look('old-registry-pack', file('registry-pack'))).relation[0] === 'older');
    check('a newer one is told', (await look('registry-pack', file('old-registry-pack'))).relation[0] === 'newer');
    const proof = await look('item.proof', file('registry-pack'));
    check('an item proof says of what', proof.identity[0].startsWith('(01)') && proof.gtin.length === 1 && !proof.refused);
    check('an altered one is refused', (await look('swapped.proof', file('registry-pack'))).refused !== undefined);
    check('recalls say up to where', (await look('recalled.recalls', file('registry-pack'))).size.length === 1);
}

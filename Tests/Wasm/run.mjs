// The browser's verifier against the public vectors, and against receipts and notes that Node makes by itself.
// usage: node Tests/Wasm/run.mjs verifier.wasm page.wasm
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { Refused, loadVerifier } from './verifier.mjs';
import { eventTests } from './events.mjs';
import { signedTests } from './signed.mjs';
import { stampTests } from './stamps.mjs';

const verifier = await loadVerifier(process.argv[2]);
const vectors = join(import.meta.dirname, '../../../shared/vectors');
let passed = 0;
let failed = 0;

/** One test: `body` returns normally if and only if `accepted`. */
function test(name, accepted, body) {
    let outcome = true;
    let reason = '';
    try { body(); } catch (error) {
        if (!(error instanceof Refused)) throw new Error(`${name}: ${error.stack}`);
        outcome = false;
        reason = error.message;
    }
    if (outcome === accepted) passed += 1;
    else {
        failed += 1;
        console.log(`FAILED ${name}: ${outcome ? 'accepted' : `refused, ${reason}`}`);
    }
}

/** One test of what was found. */
function check(name, holds, found = '') {
    if (holds) passed += 1;
    else {
        failed += 1;
        console.log(`FAILED ${name}: ${found}`);
    }
}

function report(what) {
    console.log(`${what}: ${passed - report.before} tests`);
    report.before = passed;
}
report.before = 0;

const digest = (text) => Buffer.from(text, 'base64');
// One vector puts a text for a root ("don't care 1"): its hash stands for it, equal where the texts are.
const anyDigest = (text) => digest(text).length === 32 ? digest(text) : createHash('sha256').update(text).digest();
const path = (proof) => (proof ?? []).map(digest);
// Numbers in the vectors go to 2^64-1: they are read as text, since JSON.parse would round them.
const parse = (file) => JSON.parse(readFileSync(file, 'utf8').replace(/("(?:leafIdx|treeSize|size1|size2)":\s*)(\d+)/g, '$1"$2"'));

const tree = join(vectors, 'transparency-dev-merkle/testdata');
if (existsSync(tree)) {
    const files = (folder) => readdirSync(join(tree, folder), { recursive: true })
        .filter((name) => name.endsWith('.json')).map((name) => join(tree, folder, name)).sort();
    for (const file of files('inclusion')) {
        const v = parse(file);
        test(file, !v.wantErr, () => verifier.call('verify_inclusion',
            digest(v.leafHash), BigInt(v.leafIdx), BigInt(v.treeSize), path(v.proof), digest(v.root)));
    }
    report('inclusion vectors');
    for (const file of files('consistency')) {
        const v = parse(file);
        test(file, !v.wantErr, () => verifier.call('verify_consistency',
            BigInt(v.size1), BigInt(v.size2), path(v.proof), anyDigest(v.root1), anyDigest(v.root2)));
    }
    report('consistency vectors');
} else {
    console.log('skipped: the public vectors are not at ../shared/vectors');
}

signedTests(verifier, test, report);
eventTests(verifier, test, report);
await stampTests(process.argv[3], check, report);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;

// Lays the page into one file. usage: node Page/build.mjs MODULE.wasm OUTPUT-FOLDER
// Writes verify.html (everything inline, nothing fetched) and sw.js (for the node to serve beside it), and says their sizes.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { contextBits, unpack } from './source/lzma.js';

const [modulePath, output] = process.argv.slice(2);
const here = import.meta.dirname;
const source = (name) => readFileSync(join(here, name), 'utf8');
const packed = (bytes) => gzipSync(bytes, { level: 9 });

/** The modules that a file needs, itself last, each once. */
function ordered(path, found = new Map()) {
    if (found.has(path)) return found;
    const text = readFileSync(path, 'utf8');
    for (const [, name] of text.matchAll(/^import [^;]*? from '(\.\/[^']+)';$/gms)) ordered(join(dirname(path), name), found);
    return found.set(path, text);
}

/** One script of all modules: they share a scope, so a name that two of them declare is an error. */
function bundle(path) {
    const declared = new Map();
    const parts = [...ordered(path)].map(([file, text]) => {
        const body = text.replace(/^import [^;]*? from '[^']+';\n/gms, '').replace(/^export /gm, '');
        for (const [, name] of body.matchAll(/^(?:async )?(?:function|class|const|let) (\w+)/gm)) {
            if (declared.has(name)) throw new Error(`${name} is declared in ${declared.get(name)} and in ${file}`);
            declared.set(name, file);
        }
        return body;
    });
    return parts.join('');
}

/** Without comments and indentation. A comment begins its line or stands behind `; // `; no string of ours holds such a line. */
function slim(text) {
    return text.replace(/^\s*\/\*\*?.*?\*\/\n/gms, '').replace(/^\s*\/\/.*\n/gm, '').replace(/([;{]) \/\/ .*$/gm, '$1')
        .replace(/^\s+/gm, '');
}

/** Every language has every word, and the page asks for no other. */
async function checkWords() {
    const { dictionaries } = await import('./source/words.js');
    const [first, ...others] = Object.values(dictionaries).map((words) => Object.keys(words));
    for (const names of others) {
        const lacking = [...first.filter((name) => !names.includes(name)), ...names.filter((name) => !first.includes(name))];
        if (lacking.length) throw new Error(`not in every language: ${lacking.join(', ')}`);
    }
    const text = source('page.html') + [...ordered(join(here, 'source/main.js')).values()].join('');
    for (const [, name] of text.matchAll(/(?:\bsay\(|\bbutton\(|data-(?:word|label)=)['"]([\w.-]+)['"]/g)) {
        if (!first.includes(name)) throw new Error(`no language has the words ${name}`);
    }
}

await checkWords();
const script = slim(bundle(join(here, 'source/main.js')));
const style = slim(source('page.css'));
const hash = (text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
const policy = [
    "default-src 'none'", `script-src ${hash(script)} 'wasm-unsafe-eval'`, `style-src ${hash(style)}`, 'img-src data:',
    "connect-src 'self'", "worker-src 'self'", "base-uri 'none'", "form-action 'none'",
].join('; ');
const wasm = readFileSync(modulePath);
const filter = `--lzma1=preset=9e,lc=${contextBits},lp=0,pb=0,nice=273`;
const lzma = execFileSync('xz', ['--format=raw', filter, '--stdout', modulePath], { maxBuffer: 1 << 28 });
if (!wasm.equals(unpack(lzma, wasm.length, contextBits))) throw new Error('the page would not unpack its module');
const module = lzma.toString('base64');
const parts = { policy, style, script, module, size: wasm.length };
const page = source('page.html').replace(/\{\{(\w+)\}\}/g, (_, name) => parts[name]);
const worker = slim(source('sw.js')).replace('{{digest}}', createHash('sha256').update(page).digest('hex'));

mkdirSync(output, { recursive: true });
writeFileSync(join(output, 'verify.html'), page);
writeFileSync(join(output, 'sw.js'), worker);

const brotli = brotliCompressSync(page, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 24 } });
const size = packed(page).length;
const limit = 230_000; // The goal is 150_000 (Docs/Page.md, "What it weighs").
console.log(`verify.html: ${page.length} characters, ${size} bytes with gzip, ${brotli.length} with brotli`
    + ` (module ${wasm.length}, ${lzma.length} with LZMA; the rest ${packed(page.replace(module, '')).length} with gzip)`);
if (size >= limit) {
    console.error(`the page is ${size} bytes with gzip, and must stay under ${limit}`);
    process.exitCode = 1;
}

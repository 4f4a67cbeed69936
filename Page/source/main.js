// The page: what is asked, what is answered, what is kept.
import { Activations } from './activation.js';
import { Module, Refused, inflate, none, record, textOf } from './module.js';
import { hasCamera, readPhoto, scan } from './reading.js';
import { itemKey, platform, problemWithCrypto } from './signatures.js';
import { openStore } from './store.js';
import { Trust, isServed, now } from './trust.js';
import { asOf, button, element, facts, fileName, headline, recalls, steps } from './view.js';
import { language, preferredLanguage, say, sayTime, speak } from './words.js';

const find = (id) => document.getElementById(id);

let module, trust, activations, store;
/** What is shown: the stamp's text, what it says, the key of its hidden code, the report and when it was made. */
let shown;
/** What was said last about files, to be said again in another language. */
let told = [];
let status = () => '';
let camera;

function setStatus(words) {
    status = words;
    find('status').textContent = words();
}

function showProblem(name, values) {
    find('problem').textContent = say(`problem.${name}`, values);
    find('problem').hidden = false;
    find('problem').dataset.name = name;
}

// Checking. No function from here to the next heading asks the network for anything.

async function check(text, key) {
    find('problem').hidden = true;
    setStatus(() => say('working'));
    try {
        const stamp = record(module.call('stamp', text));
        const own = stamp.identity && activations.of(stamp.identity[0])?.statement;
        const begun = performance.now();
        const checkedAt = now();
        const report = record(await module.callChecked('verify_stamp', text, key?.publicKey ?? none,
            checkedAt, trust.policy, trust.registry, own ?? none, ...trust.evidence(stamp)));
        shown = { text, stamp, key, report, checkedAt };
        setStatus(() => '');
        showReport();
        find('result').dataset.milliseconds = (performance.now() - begun).toFixed(1);
        find('verdict').focus();
    } catch (error) {
        shown = undefined;
        find('result').hidden = true;
        setStatus(() => '');
        if (error instanceof Refused) showProblem('noStamp', { reason: error.message });
        else showProblem('stopped', { reason: error.message });
    }
}

function showReport() {
    const { stamp, key, report, checkedAt } = shown;
    find('result').hidden = false;
    find('told').replaceChildren(...headline(report), ...recalls(report));
    find('facts').replaceChildren(facts(report), asOf(report, checkedAt));
    find('details').replaceChildren(steps(report));
    find('secret').hidden = !stamp.identity || key !== undefined;
    find('more').replaceChildren(...(isServed() ? [lookUpButton(), element('p', {}, say('lookUp.help'))] : []));
    find('opening').replaceChildren(...opening());
}

async function checkSecret(text) {
    find('secret-problem').textContent = '';
    try {
        const [seed] = module.call('hidden_code', text);
        await check(shown.text, await itemKey(seed, shown.stamp.identity[0]));
    } catch (error) {
        if (!(error instanceof Refused)) throw error;
        find('secret-problem').textContent = say('secret.wrongText', { reason: error.message });
        find('code').focus();
    }
}

// Asking the site, on a tap.

function lookUpButton() {
    return button('lookUp', async () => {
        setStatus(() => say('working'));
        const results = await reached(() => trust.lookUp(shown.stamp));
        if (!results) return;
        showFiles();
        const added = results.filter(({ outcome }) => outcome === 'added').map(({ file }) => fileName(file));
        if (added.length) await check(shown.text, shown.key);
        const refused = results.find(({ outcome }) => outcome === 'refused');
        setStatus(() => refused ? say('trust.refused', { what: refused.name, reason: refused.reason })
            : added.length ? say('lookUp.done', { what: added.join(', ') }) : say('lookUp.none'));
    }, { id: 'look-up' });
}

/** What `ask` gives, or nothing and a word about it where the site cannot be reached. */
async function reached(ask) {
    try { return await ask(); } catch (error) {
        console.info(error);
        setStatus(() => say('trust.offline'));
        return undefined;
    }
}

// The opening of a pack.

function opening() {
    const { stamp, key, report } = shown;
    const kept = stamp.identity && activations.of(stamp.identity[0]);
    if (!key || (report.verdict[0] !== 'secretMatches' && !kept)) return [];
    const title = element('h3', {}, say('open.title'));
    if (kept) return [title, ...keptActivation(kept)];
    return [title, element('p', {}, say('open.help')), button('open.do', async () => {
        const made = await activations.make(stamp, shown.text, key, trust.evidence(stamp));
        showPending();
        if (isServed()) await send(made); else showReport();
    }, { className: 'main', id: 'open' })];
}

async function send(activation) {
    try {
        await activations.send(activation);
        setStatus(() => '');
    } catch (error) {
        setStatus(() => say('open.failed', { reason: error.message }));
    }
    if (shown) showReport();
    showPending();
}

const saidOf = {
    kept: ['open.kept'], accepted: ['open.accepted'], first: ['open.sent', 'open.first'], second: ['open.sent', 'open.second'],
};

function keptActivation(activation) {
    const lines = saidOf[activation.state].map((name) => element('p', {}, say(name)));
    const isDone = activation.state === 'first' || activation.state === 'second';
    const save = button('pending.save', () => saveFile(activation.statement, 'opening.cose'));
    return [...lines, ...(isDone ? [] : [...(isServed() ? [button('pending.send', () => send(activation))] : []), save])];
}

function saveFile(bytes, name) {
    const url = URL.createObjectURL(new Blob([bytes], { type: 'application/cose' }));
    element('a', { href: url, download: name }).click();
    setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

function showPending() {
    const kept = [...activations.kept.values()];
    find('pending').hidden = kept.length === 0;
    find('pending').replaceChildren(element('h3', {}, say('pending')), element('ul', {}, ...kept.map((activation) =>
        element('li', {}, element('p', {}, `${activation.identity}, ${sayTime(activation.made)}`),
            ...keptActivation(activation), button('pending.drop', async () => {
                await activations.drop(activation.identity);
                showPending();
                if (shown) showReport();
            })))));
}

// Files.

const spoken = { added: 'trust.added', same: 'trust.same', older: 'trust.older', differs: 'trust.differs', refused: 'trust.refused' };

function showFiles() {
    const files = [...trust.files.values()];
    find('files').replaceChildren(...(files.length ? files.map((file) => element('li', {}, `${fileName(file)} `,
        button('trust.remove', async () => { await trust.remove(file.id); showFiles(); },
            { 'aria-label': `${say('trust.remove')}: ${fileName(file)}` }))) : [element('li', {}, say('trust.none'))]));
    find('forget').hidden = files.length === 0;
    find('trust-told').replaceChildren(...told.map(({ outcome, file, name, reason }) => element('li', {},
        say(spoken[outcome], { what: file ? fileName(file) : name, reason }), ...(outcome === 'differs' ? [' ',
            button('trust.accept', async () => {
                told = [await trust.add(file.bytes, true)];
                showFiles();
                if (shown) await check(shown.text, shown.key);
            })] : []))));
    if (told.some(({ outcome }) => outcome === 'differs')) find('trust').open = true;
}

async function addFiles(files) {
    told = [];
    find('trust-told').replaceChildren();
    const read = await Promise.all([...files].map(async (file) => ({ name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) })));
    // A policy is text and judges the registry pack, and that the rest: text first, then the pack.
    const rank = ({ bytes }) => bytes[0] !== 0xD9 ? 0 : textOf(bytes.subarray(0, 40)).includes('registry-pack') ? 1 : 2;
    for (const { name, bytes } of read.sort((left, right) => rank(left) - rank(right))) {
        told.push(await trust.tried(bytes, name, true));
    }
    showFiles();
    if (shown && told.some(({ outcome }) => outcome === 'added')) await check(shown.text, shown.key);
}

// The page itself.

function translate(chosen) {
    speak(chosen);
    document.documentElement.lang = language();
    document.title = say('title');
    for (const node of document.querySelectorAll('[data-word]')) node.textContent = say(node.dataset.word);
    for (const node of document.querySelectorAll('[data-label]')) node.setAttribute('aria-label', say(node.dataset.label));
    find('languages').setAttribute('aria-label', say('language'));
    for (const node of document.querySelectorAll('[data-language]')) {
        node.setAttribute('aria-pressed', String(node.dataset.language === language()));
    }
    if (!find('problem').hidden && find('problem').dataset.name) showProblem(find('problem').dataset.name);
    find('status').textContent = status();
    if (trust) { showFiles(); showPending(); }
    if (shown) showReport();
}

async function scanNow() {
    find('camera').hidden = false;
    find('stop').focus();
    camera = new AbortController();
    setStatus(() => say('looking'));
    let text;
    try {
        text = await scan(module, find('video'), camera.signal);
    } catch (error) {
        showProblem('noCamera', { reason: error.message });
    }
    find('camera').hidden = true;
    setStatus(() => '');
    if (text !== undefined) await ask(text); else find('scan').focus();
}

async function photoNow(file) {
    setStatus(() => say('looking'));
    let text;
    try { text = await readPhoto(module, file); } catch (error) {
        setStatus(() => '');
        return showProblem(error instanceof Refused ? 'noCode' : 'noPhoto');
    }
    setStatus(() => '');
    if (text === undefined) showProblem('noCode'); else await ask(text);
}

async function ask(text) {
    find('text').value = text.trim();
    find('code').value = '';
    find('secret-problem').textContent = '';
    await check(text.trim());
}

function listenForLanguage() {
    for (const node of document.querySelectorAll('[data-language]')) {
        node.addEventListener('click', async () => {
            translate(node.dataset.language);
            await store.put('settings', 'language', language());
        });
    }
}

function listen() {
    const photo = find('photo');
    photo.addEventListener('change', async () => {
        if (photo.files[0]) await photoNow(photo.files[0]);
        photo.value = '';
    });
    find('add').addEventListener('change', async () => {
        await addFiles(find('add').files);
        find('add').value = '';
    });
    find('ask').addEventListener('submit', async (event) => {
        event.preventDefault();
        await ask(find('text').value);
    });
    find('secret').addEventListener('submit', async (event) => {
        event.preventDefault();
        await checkSecret(find('code').value);
    });
    find('scan').addEventListener('click', scanNow);
    find('stop').addEventListener('click', () => camera?.abort());
    find('update').addEventListener('click', async () => {
        if (await updateNow() && shown) await check(shown.text, shown.key);
    });
    find('forget').addEventListener('click', async () => {
        await trust.forget();
        told = [];
        showFiles();
        find('add').focus();
    });
}

async function updateNow() {
    find('trust-told').replaceChildren();
    const results = await reached(() => trust.update());
    if (!results) return false;
    told = results.filter(({ outcome }) => outcome !== 'same');
    showFiles();
    setStatus(() => say('trust.updated'));
    return told.some(({ outcome }) => outcome === 'added');
}

/** The stamp that this page was opened at, as the reader's camera application opens it. */
function stampOfLocation() {
    if (!isServed() || !location.pathname.startsWith('/01/')) return undefined;
    if (new URLSearchParams(location.search).has('S')) return location.href;
    showProblem('bareLink');
    return undefined;
}

/** Says why nothing can be checked here, and offers nothing that cannot be done. */
function giveUp(name, values) {
    showProblem(name, values);
    find('ask').hidden = find('trust').hidden = true;
    document.documentElement.dataset.ready = 'true';
}

async function start() {
    store = await openStore();
    const chosen = (await store.all('settings')).get('language');
    translate(chosen ?? preferredLanguage(navigator.languages));
    listenForLanguage();
    const problem = await problemWithCrypto();
    if (problem) return giveUp(problem);
    try {
        module = new Module(await inflate(find('module')), platform);
    } catch (error) {
        return giveUp('noModule', { reason: error.message });
    }
    [trust, activations] = [new Trust(module, store), new Activations(module, store)];
    await Promise.all([trust.open(), activations.open()]);
    find('scan').hidden = !hasCamera();
    find('update').hidden = !isServed();
    listen();
    showFiles();
    showPending();
    if (!store.isLasting) setStatus(() => say('problem.noStorage'));
    await checkLocation();
    document.documentElement.dataset.ready = 'true';
    if (isServed()) navigator.serviceWorker?.register('/sw.js').catch((error) => console.info(error));
}

/** On a first visit what everybody needs is asked for and then the code is checked; later the code comes first, and again if news came. */
async function checkLocation() {
    const text = stampOfLocation();
    const isFirst = trust.registry.length === 0 && isServed() && navigator.onLine;
    if (text && !isFirst) await ask(text);
    if (!isServed() || !navigator.onLine) return;
    const hasNews = await updateNow();
    if (text && (isFirst || hasNews)) await ask(text);
}

await start();

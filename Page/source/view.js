// How a verdict looks. Everything that comes from outside is text, never markup.
import { language, say, sayTime } from './words.js';

/** An element with properties, attributes (names with a hyphen, or `role`, `lang`) and children. */
export function element(name, properties = {}, ...children) {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(properties)) {
        if (key.includes('-') || key === 'role') made.setAttribute(key, value); else made[key] = value;
    }
    made.append(...children.filter((child) => child !== undefined));
    return made;
}

const marks = {
    forged: ['bad', '✕'], notInLedger: ['bad', '✕'], recalled: ['bad', '✕'],
    unknownKey: ['unsure', '?'], keyRevoked: ['unsure', '!'], expired: ['unsure', '!'], alreadyActivated: ['unsure', '!'],
    issued: ['said', 'i'], issuedAndLogged: ['said', 'i'], secretMatches: ['good', '✓'],
};

/** The verdict and its sentence, which never stand apart. */
export function headline(report) {
    const name = report.verdict[0];
    const [class_, mark] = marks[name];
    const heading = element('h2', { id: 'verdict', tabIndex: -1, className: class_ },
        element('span', { className: 'mark', 'aria-hidden': 'true' }, mark), say(`verdict.${name}`));
    heading.dataset.verdict = name;
    return [heading, element('p', { className: 'meaning', id: 'meaning' }, report[language()][0])];
}

const hours = { 1: 24, 2: 48, 3: 72 };

export function recalls(report) {
    return (report['recall.id'] ?? []).map((id, index) => {
        const of = (name) => report[`recall.${name}`][index];
        const level = of('class');
        return element('section', { className: 'recall' },
            element('h3', {}, say('recall.what', { id, class: level, hours: hours[level] })),
            list([
                ['recall.instruction', of('instruction')], ['recall.reason', of('reason')],
                ['recall.opened', sayTime(of('opened'))],
            ]));
    });
}

function list(rows) {
    return element('dl', {}, ...rows.flatMap(([name, text]) =>
        text === undefined || text === '' ? [] : [element('dt', {}, say(name)), element('dd', {}, text)]));
}

/** A date of a code, YYMMDD, in the century that GS1 means: at most fifty years away. Day 00 is the whole month. */
function day(text) {
    if (!text) return undefined;
    const today = new Date().getFullYear();
    const near = Math.trunc(today / 100) * 100 + Number(text.slice(0, 2));
    const year = near - today > 50 ? near - 100 : today - near > 49 ? near + 100 : near;
    return [String(year), text.slice(2, 4), text.slice(4)].filter((part) => part !== '00').join('-');
}

/** What the code says, who stands behind it, and as of when that is known. */
export function facts(report) {
    return list([
        ['fact.issuer', report.issuer?.join(', ')], ['fact.gtin', report['01']?.[0]], ['fact.lot', report['10']?.[0]],
        ['fact.serial', report['21']?.[0]], ['fact.expiry', day(report['17']?.[0])],
        ['fact.market', report['91']?.[0]],
    ]);
}

export function asOf(report, checkedAt) {
    const lines = ['batch', 'registry', 'recalls', 'activations'].flatMap((what) =>
        (report[`asOf.${what}.origin`] ?? []).map((origin, index) => {
            const time = report[`asOf.${what}.time`][index];
            const seen = time ? say('asOf.time', { time: sayTime(time) }) : '';
            return say(`asOf.${what}`, { origin, size: report[`asOf.${what}.size`][index], time: seen });
        }));
    if (!report['asOf.batch.origin']) lines.unshift(say('asOf.none'));
    lines.push(say('asOf.clock', { time: sayTime(checkedAt) }));
    return element('section', { className: 'as-of' },
        element('h3', {}, say('asOf')), element('ul', {}, ...lines.map((line) => element('li', {}, line))));
}

/** What was checked, step by step, and what stays open. */
export function steps(report) {
    const rows = (report.step ?? []).map((name, index) => {
        const holds = report.holds[index] === '1';
        return element('li', { className: holds ? 'holds' : 'fails' },
            element('span', { className: 'mark', 'aria-hidden': 'true' }, holds ? '✓' : '✕'),
            element('span', {}, `${say(`check.${name}`)}: ${say(holds ? 'step.passed' : 'step.failed')}`));
    });
    const open = ['batch', 'recalls', 'activations'].filter((part) => !report[`asOf.${part}.origin`]);
    if (report.verdict[0] !== 'secretMatches') open.unshift('copy');
    const left = open.map((name) => element('li', {}, say(`left.${name}`)));
    return element('details', {}, element('summary', {}, say('steps')), element('ol', {}, ...rows),
        ...(left.length ? [element('h3', {}, say('unchecked')), element('ul', {}, ...left)] : []));
}

/** A button that says what it does and cannot be pressed twice at once. */
export function button(name, action, properties = {}) {
    const made = element('button', { type: 'button', ...properties }, say(name));
    made.addEventListener('click', async () => {
        made.disabled = true;
        try { await action(made); } finally { made.disabled = false; }
    });
    return made;
}

export function fileName({ kind, about }) {
    const what = [about.gtin, about.lot, about.identity, about.subject, about.origin].flatMap((texts) => texts ?? []);
    return say('file.of', { kind: say(`kind.${kind}`), what: [...new Set(what)].join(' ') });
}

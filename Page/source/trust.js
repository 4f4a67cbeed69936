// What this device trusts and holds: policy, registry pack, packs of lots and recalls, proofs of items. Every file is
// examined by the verifier before it is kept.
import { Refused, none, record } from './module.js';

const maximumSize = 64 << 20;
const paths = { policy: '/trust/policy', registry: '/trust/registry-pack', recalls: '/trust/recalls' };

/** Whether there is a site to ask: a page from disk has none. */
export const isServed = () => location.protocol.startsWith('http');

/** One file of this page's own site; nothing where the site has none. Called on the first load and on a tap, never while checking. */
export async function fromSite(path) {
    const answer = await fetch(path, {
        cache: 'no-cache', credentials: 'omit', redirect: 'error', signal: AbortSignal.timeout(10_000),
    });
    if (!answer.ok || Number(answer.headers.get('content-length')) > maximumSize) return undefined;
    return new Uint8Array(await answer.arrayBuffer());
}

export const now = () => BigInt(Math.floor(Date.now() / 1000));

export class Trust {
    constructor(module, store) { [this.module, this.store] = [module, store]; }

    async open() { this.files = await this.store.all('files'); }

    of(kind) { return [...this.files.values()].filter((file) => file.kind === kind); }

    get policy() { return this.of('policy')[0]?.bytes ?? none; }
    get registry() { return this.of('registry-pack')[0]?.bytes ?? none; }

    /**
     * Takes a file: `added`, `same`, `older`, or `differs` where this device trusts another and only a person may say which.
     * `isAccepted`: a person chose this file.
     */
    async add(bytes, isAccepted) {
        if (bytes.length > maximumSize) throw new Refused('more than 64 MiB');
        const digest = await this.module.platform.sha256(bytes);
        const id = Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
        const about = record(await this.module.callChecked('examine', now(), this.policy, this.registry, bytes));
        const kind = about.kind[0];
        const file = { id, kind, bytes, about, added: Number(now()) };
        if (this.files.has(id)) return { outcome: 'same', file };
        if (about.refused) throw new Refused(about.refused[0].replace(/: $/, ''));
        if (about.relation?.[0] === 'older') return { outcome: 'older', file };
        const isOther = kind === 'policy' ? this.policy.length > 0 : about.relation?.[0] === 'other';
        if (isOther && !isAccepted) return { outcome: 'differs', file };
        for (const old of this.of(kind)) if (supersedes(file, old)) await this.remove(old.id);
        await this.store.put('files', id, file);
        this.files.set(id, file);
        return { outcome: 'added', file };
    }

    async remove(id) {
        await this.store.put('files', id, undefined);
        this.files.delete(id);
    }

    async forget() { for (const id of [...this.files.keys()]) await this.remove(id); }

    /** Asks the site for what everybody needs; returns what became of each file. The policy comes first: it judges the rest. */
    async update(isAccepted = false) {
        const wanted = [paths.policy, paths.registry, paths.recalls];
        const given = await Promise.all(wanted.map(fromSite));
        const results = [];
        for (const [index, bytes] of given.entries()) {
            if (bytes) results.push(await this.tried(bytes, wanted[index], isAccepted));
        }
        return results;
    }

    /** Asks the site about one item: its proof or else its lot's pack, recorded openings, recalls. */
    async lookUp(stamp) {
        const item = `${path(stamp)}/21/${encodeURIComponent(stamp['21']?.[0] ?? '')}`;
        const asked = stamp.identity ? [
            [`${item}?linkType=traceledger:itemProof`, `${path(stamp)}?linkType=traceledger:batchPack`],
            [`/activations?id=${encodeURIComponent(stamp.identity[0])}`],
        ] : [];
        const results = [];
        for (const choices of [...asked, [paths.recalls]]) {
            for (const choice of choices) {
                const bytes = await fromSite(choice);
                if (!bytes) continue;
                results.push(await this.tried(bytes, choice, false));
                break;
            }
        }
        return results;
    }

    async tried(bytes, name, isAccepted) {
        try { return await this.add(bytes, isAccepted); } catch (error) {
            if (!(error instanceof Refused)) throw error;
            return { outcome: 'refused', name, reason: error.message };
        }
    }

    /** The files that bear on a stamp; the verifier finds out what each is. */
    evidence(stamp) {
        const [gtin, lot, identity] = [stamp['01']?.[0], stamp['10']?.[0], stamp.identity?.[0]];
        return [...this.files.values()].filter(({ kind, about }) => {
            if (kind === 'recall-pack') return true;
            if (kind === 'batch-pack') return about.gtin?.[0] === gtin && about.lot?.[0] === lot;
            return about.identity !== undefined && about.identity[0] === identity;
        }).map(({ bytes }) => bytes);
    }
}

/** The path of a stamp's product and lot, as a Digital Link has it. */
function path(stamp) {
    const parts = ['01', '22', '10'].filter((ai) => stamp[ai]).map((ai) => `${ai}/${encodeURIComponent(stamp[ai][0])}`);
    return `/${parts.join('/')}`;
}

/** Whether a new file makes an old one of its kind useless. A recall is never dropped for a pack that does not reach as far. */
function supersedes(file, old) {
    if (file.kind === 'policy' || file.kind === 'registry-pack') return true;
    if (file.kind !== 'recall-pack' && !isAboutSame(file, old)) return false;
    const sizes = ({ about }) => new Map((about.origin ?? []).map((origin, index) => [origin, BigInt(about.size[index])]));
    const newer = sizes(file);
    return [...sizes(old)].every(([origin, size]) => newer.has(origin) && newer.get(origin) >= size);
}

function isAboutSame(file, old) {
    return ['gtin', 'lot', 'identity'].every((name) => file.about[name]?.[0] === old.about[name]?.[0]);
}

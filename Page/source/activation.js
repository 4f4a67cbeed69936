// The record of an opening: a statement of kind 65003 (formats.md section 2) that the item's own key signs. It is kept here
// until a person sends it.
import { none } from './module.js';
import { now } from './trust.js';

export class Activations {
    constructor(module, store) { [this.module, this.store] = [module, store]; }

    async open() { this.kept = await this.store.all('activations'); }

    /** The opening of this item that this device made. */
    of(identity) { return this.kept.get(identity); }

    /** Makes and keeps the statement; one for an item, so that the same opening is never told twice. */
    async make(stamp, text, key, files) {
        const identity = stamp.identity[0];
        if (this.kept.has(identity)) return this.kept.get(identity);
        const nonce = crypto.getRandomValues(new Uint8Array(16));
        const made = now();
        const ask = (signature) => this.module.call('activation', text, key.publicKey, nonce, made, signature, ...files);
        const [message] = ask(none);
        const [statement] = ask(await key.sign(message));
        const activation = { identity, statement, made: Number(made), state: 'kept' };
        await this.keep(activation);
        return activation;
    }

    /** Hands it to this page's site. Returns the activation with what the site said. */
    async send(activation) {
        const answer = await fetch('/activations', {
            method: 'POST', body: activation.statement, headers: { 'content-type': 'application/cose' },
            credentials: 'omit', redirect: 'error', signal: AbortSignal.timeout(20_000),
        });
        const told = await answer.json().catch(() => ({}));
        if (answer.status !== 201 && answer.status !== 202) {
            throw new Error(told.detail ?? told.title ?? `HTTP ${answer.status}`);
        }
        const state = answer.status === 201 ? (told.first ? 'first' : 'second') : 'accepted';
        const sent = { ...activation, state, index: told.index };
        await this.keep(sent);
        return sent;
    }

    async keep(activation) {
        await this.store.put('activations', activation.identity, activation);
        this.kept.set(activation.identity, activation);
    }

    async drop(identity) {
        await this.store.put('activations', identity, undefined);
        this.kept.delete(identity);
    }
}

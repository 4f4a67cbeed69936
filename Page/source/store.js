// What the page keeps in this browser: files, openings not yet sent, settings. IndexedDB; memory where there is none.

const names = ['files', 'activations', 'settings'];

function asked(request) {
    return new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
    });
}

function database() {
    const request = indexedDB.open('traceledger', 1);
    request.onupgradeneeded = () => { for (const name of names) request.result.createObjectStore(name); };
    return asked(request);
}

/** Opens the storage; `isLasting` says whether it outlives the page. */
export async function openStore() {
    try { return new Store(await database()); } catch { return new Memory(); }
}

class Store {
    isLasting = true;
    constructor(db) { this.db = db; }

    /** All values of a store, by key. */
    async all(name) {
        const store = this.db.transaction(name).objectStore(name);
        const [keys, values] = await Promise.all([asked(store.getAllKeys()), asked(store.getAll())]);
        return new Map(keys.map((key, index) => [key, values[index]]));
    }

    /** Keeps a value; `undefined` takes it away. Returns when it is written. */
    put(name, key, value) {
        return new Promise((resolve, reject) => {
            const transaction = this.db.transaction(name, 'readwrite');
            const store = transaction.objectStore(name);
            if (value === undefined) store.delete(key); else store.put(value, key);
            transaction.oncomplete = () => resolve();
            transaction.onerror = transaction.onabort = () => reject(transaction.error);
        });
    }
}

class Memory {
    isLasting = false;
    stores = new Map(names.map((name) => [name, new Map()]));
    async all(name) { return new Map(this.stores.get(name)); }
    async put(name, key, value) {
        if (value === undefined) this.stores.get(name).delete(key); else this.stores.get(name).set(key, value);
    }
}

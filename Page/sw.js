// Keeps this page for when there is no network, and answers with it before the network is asked: later visits do not tell
// the server what was scanned. Everything else goes to the network as if this were not here.
const version = '{{digest}}';
const page = '/verify';

/** The page as the server has it, if it is the one that this file was built with. */
async function install() {
    const answer = await fetch(page, { cache: 'no-cache', credentials: 'omit' });
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', await answer.clone().arrayBuffer()));
    const found = Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
    if (!answer.ok || found !== version) throw new Error(`the page is ${found} and not ${version}`);
    await (await caches.open(version)).put(page, answer);
    await self.skipWaiting();
}

async function activate() {
    for (const name of await caches.keys()) if (name !== version) await caches.delete(name);
    await self.clients.claim();
}

/** A Digital Link that a person opens is the page's; one that asks for a kind of link, and everything else, is the server's. */
function isPage(request) {
    const { origin, pathname, searchParams } = new URL(request.url);
    return request.mode === 'navigate' && origin === self.location.origin && !searchParams.has('linkType')
        && (pathname === page || /^\/01\/[0-9]{14}(\/|$)/.test(pathname));
}

self.addEventListener('install', (event) => event.waitUntil(install()));
self.addEventListener('activate', (event) => event.waitUntil(activate()));
self.addEventListener('fetch', (event) => {
    if (!isPage(event.request)) return;
    event.respondWith(caches.match(page).then((kept) => kept ?? fetch(event.request)));
});

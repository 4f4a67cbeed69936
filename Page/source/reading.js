// From a picture to the text of its code: our own reader in the module, or the browser's detector on a moving picture.
import { textOf } from './module.js';

/** What canvases give, as one byte of brightness a pixel (Rec. 601 weights in 1/256). */
function grey(source, width, height) {
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [width, height];
    const context = canvas.getContext('2d', { willReadFrequently: true });
    context.fillStyle = '#fff'; // a transparent background is paper
    context.fillRect(0, 0, width, height);
    context.drawImage(source, 0, 0, width, height);
    const { data } = context.getImageData(0, 0, width, height);
    const bytes = new Uint8Array(width * height);
    for (let pixel = 0, at = 0; pixel < bytes.length; pixel += 1, at += 4) {
        bytes[pixel] = (77 * data[at] + 150 * data[at + 1] + 29 * data[at + 2]) >> 8;
    }
    return bytes;
}

/** The one of these texts that is a stamp, or else the first: a pack has other codes too. */
function best(module, texts) {
    return texts.find((text) => {
        try { return Boolean(module.call('stamp', text)); } catch { return false; }
    }) ?? texts[0];
}

/** The text of a code in a picture of this size; nothing where none is found. `longest`: the longer side to look at, in pixels. */
function read(module, source, width, height, longest) {
    const scale = Math.min(1, longest / Math.max(width, height));
    const [wide, high] = [Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale))];
    const codes = module.call('read_codes', BigInt(wide), BigInt(high), grey(source, wide, high));
    return best(module, codes.map(textOf));
}

/** A photo's code. Noise goes away when a picture shrinks and small codes when it shrinks too far, so several sizes are tried. */
export async function readPhoto(module, file) {
    const picture = await createImageBitmap(file, { imageOrientation: 'from-image' });
    try {
        for (const longest of [1200, 2400, 600]) {
            const text = read(module, picture, picture.width, picture.height, longest);
            if (text !== undefined) return text;
            if (longest >= Math.max(picture.width, picture.height) && longest !== 1200) break;
        }
        return undefined;
    } finally {
        picture.close();
    }
}

async function detector() {
    const has = globalThis.BarcodeDetector && await BarcodeDetector.getSupportedFormats().catch(() => []);
    return has && has.includes('qr_code') ? new BarcodeDetector({ formats: ['qr_code'] }) : undefined;
}

export const hasCamera = () => Boolean(navigator.mediaDevices?.getUserMedia);

/** Shows the camera in `video` and returns the text of the first code, or nothing when `signal` aborts. */
export async function scan(module, video, signal) {
    const stream = await navigator.mediaDevices.getUserMedia({
        video: { facingMode: 'environment', width: { ideal: 1280 } }, audio: false,
    });
    try {
        const found = await detector();
        video.srcObject = stream;
        await video.play();
        while (!signal.aborted) {
            const text = found
                ? best(module, (await found.detect(video)).map((code) => code.rawValue))
                : video.videoWidth ? read(module, video, video.videoWidth, video.videoHeight, 960) : undefined;
            if (text !== undefined) return text;
            await new Promise((resolve) => setTimeout(resolve, 120));
        }
        return undefined;
    } finally {
        for (const track of stream.getTracks()) track.stop();
        video.srcObject = null;
    }
}

// LZMA (Igor Pavlov's specification, which is in the public domain), as much as the page's own module needs: a raw stream of
// known length, lp = 0 and pb = 0. It finds what repeats across the whole module, where gzip sees 32 kB: a quarter of the weight.

/** Literal context bits (lc) of the page's module. */
export const contextBits = 3;

const stateCount = 12;

/** The bytes of a stream of `size` bytes that was packed with these literal context bits. */
export function unpack(packed, size, contextBits) {
    const output = new Uint8Array(size);
    let [range, code, at] = [0xFFFFFFFF, 0, 1];
    for (; at < 5; at += 1) code = (code << 8 | packed[at]) >>> 0;

    // Every model of a bit is a place in this table; each group of models has its own stretch.
    let places = 0;
    const group = (count) => (places += count) - count;
    const [isMatch, isRep, isRep0, isRep1, isRep2, isLong] = [0, 1, 2, 3, 4, 5].map(() => group(stateCount));
    const [slots, special, align] = [group(4 << 6), group(128), group(16)];
    const [matchLength, repLength] = [group(2 + 8 + 8 + 256), group(2 + 8 + 8 + 256)];
    const literals = group(0x300 << contextBits);
    const models = new Uint16Array(places).fill(1024);

    function bit(place) {
        const model = models[place];
        const bound = (range >>> 11) * model;
        let value = 0;
        if (code < bound) {
            range = bound;
            models[place] += 2048 - model >> 5;
        } else {
            range -= bound;
            code -= bound;
            models[place] -= model >> 5;
            value = 1;
        }
        normalize();
        return value;
    }
    function normalize() {
        if (range >= 0x1000000) return;
        range = range * 256 >>> 0;
        code = (code << 8 | packed[at]) >>> 0;
        at += 1;
    }
    function tree(place, bits) {
        let value = 1;
        for (let left = bits; left > 0; left -= 1) value = value << 1 | bit(place + value);
        return value - (1 << bits);
    }
    function reversed(place, bits) {
        let [model, value] = [1, 0];
        for (let index = 0; index < bits; index += 1) {
            const next = bit(place + model);
            model = model << 1 | next;
            value |= next << index;
        }
        return value;
    }
    function direct(bits) {
        let value = 0;
        for (let left = bits; left > 0; left -= 1) {
            range >>>= 1;
            const next = code >= range ? 1 : 0;
            if (next) code -= range;
            value = value << 1 | next;
            normalize();
        }
        return value;
    }
    function lengthOf(place) {
        if (bit(place) === 0) return 2 + tree(place + 2, 3);
        if (bit(place + 1) === 0) return 10 + tree(place + 10, 3);
        return 18 + tree(place + 18, 8);
    }
    function distanceOf(length) {
        const slot = tree(slots + (Math.min(length - 2, 3) << 6), 6);
        if (slot < 4) return slot;
        const bits = (slot >> 1) - 1;
        const high = (2 | slot & 1) << bits;
        if (slot < 14) return high + reversed(special + high - slot, bits);
        return high + (direct(bits - 4) << 4) + reversed(align, 4);
    }

    let [state, position] = [0, 0];
    let [rep0, rep1, rep2, rep3] = [0, 0, 0, 0];
    /** Makes one of the last four distances the last; whether it stands for one byte. */
    function again() {
        if (bit(isRep0 + state) === 0) return bit(isLong + state) === 0;
        if (bit(isRep1 + state) === 0) [rep0, rep1] = [rep1, rep0];
        else if (bit(isRep2 + state) === 0) [rep0, rep1, rep2] = [rep2, rep0, rep1];
        else [rep0, rep1, rep2, rep3] = [rep3, rep0, rep1, rep2];
        return false;
    }
    while (position < size) {
        if (bit(isMatch + state) === 0) {
            const before = position > 0 ? output[position - 1] : 0;
            const place = literals + 0x300 * (before >> 8 - contextBits);
            let value = 1;
            if (state >= 7) {
                let match = output[position - rep0 - 1];
                do {
                    const wanted = match >> 7 & 1;
                    match <<= 1;
                    const found = bit(place + (1 + wanted << 8) + value);
                    value = value << 1 | found;
                    if (found !== wanted) break;
                } while (value < 0x100);
            }
            while (value < 0x100) value = value << 1 | bit(place + value);
            output[position] = value;
            position += 1;
            state = state < 4 ? 0 : state < 10 ? state - 3 : state - 6;
            continue;
        }
        let length;
        if (bit(isRep + state) === 0) {
            [rep3, rep2, rep1] = [rep2, rep1, rep0];
            length = lengthOf(matchLength);
            rep0 = distanceOf(length);
            state = state < 7 ? 7 : 10;
        } else {
            const isShort = again();
            length = isShort ? 1 : lengthOf(repLength);
            state = isShort ? (state < 7 ? 9 : 11) : (state < 7 ? 8 : 11);
        }
        if (rep0 >= position || length > size - position) throw new Error('the module in this page is damaged');
        for (; length > 0; length -= 1, position += 1) output[position] = output[position - rep0 - 1];
    }
    return output;
}

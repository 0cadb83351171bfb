// Buffer, TextEncoder and TextDecoder, as far as contracts use them.
const ENCODINGS = {
    utf8: 'utf8', 'utf-8': 'utf8', hex: 'hex', base64: 'base64', base64url: 'base64url', latin1: 'latin1',
    binary: 'latin1', ascii: 'latin1', utf16le: 'utf16le', 'utf-16le': 'utf16le', ucs2: 'utf16le', 'ucs-2': 'utf16le',
};

function encodingOf(name) {
    if (name === undefined || name === null) return 'utf8';
    const known = ENCODINGS[String(name).toLowerCase()];
    if (known === undefined) throw new TypeError(`Unknown encoding: ${name}`);
    return known;
}

function bytesOf(value) {
    if (value instanceof Uint8Array) return value;
    if (ArrayBuffer.isView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
    if (value instanceof ArrayBuffer) return new Uint8Array(value);
    throw new TypeError('The argument must be bytes (Buffer, TypedArray, DataView or ArrayBuffer)');
}

class Buffer extends Uint8Array {
    static from(value, encodingOrOffset, length) {
        if (typeof value === 'string') return new Buffer(host.encode(value, encodingOf(encodingOrOffset)));
        if (value instanceof ArrayBuffer) return new Buffer(value, encodingOrOffset, length);
        if (ArrayBuffer.isView(value) || Array.isArray(value)) return Buffer.#copy(value);
        if (value !== null && typeof value === 'object') {
            if (value.type === 'Buffer' && Array.isArray(value.data)) return Buffer.#copy(value.data);
            const primitive = value.valueOf();
            if (primitive !== value && primitive !== null) return Buffer.from(primitive, encodingOrOffset, length);
            if (typeof value.length === 'number') return Buffer.#copy(Array.from(value));
        }
        throw new TypeError('The first argument must be of type string or an instance of Buffer, ArrayBuffer, or ' +
            `Array or an Array-like Object. Received ${value === null ? 'null' : `type ${typeof value}`}`);
    }
    static #copy(values) {
        const buffer = new Buffer(values.length);
        buffer.set(values);
        return buffer;
    }
    static alloc(size, fill, encoding) {
        const buffer = new Buffer(size);
        return fill === undefined ? buffer : buffer.fill(fill, 0, size, encoding);
    }
    static allocUnsafe(size) {
        return new Buffer(size);
    }
    static isBuffer(value) {
        return value instanceof Buffer;
    }
    static isEncoding(name) {
        return ENCODINGS[String(name).toLowerCase()] !== undefined;
    }
    static byteLength(value, encoding) {
        return typeof value === 'string' ? host.encode(value, encodingOf(encoding)).byteLength : value.byteLength;
    }
    static concat(list, total) {
        if (!Array.isArray(list)) throw new TypeError('The "list" argument must be an instance of Array');
        const size = total ?? list.reduce((sum, part) => sum + part.length, 0);
        const joined = new Buffer(size);
        let at = 0;
        for (const part of list) {
            if (at >= size) break;
            const fitting = at + part.length > size ? part.subarray(0, size - at) : part;
            joined.set(fitting, at);
            at += fitting.length;
        }
        return joined;
    }
    static compare(a, b) {
        const shorter = Math.min(a.length, b.length);
        for (let i = 0; i < shorter; ++i) if (a[i] !== b[i]) return a[i] < b[i] ? -1 : 1;
        return Math.sign(a.length - b.length);
    }

    toString(encoding, start = 0, end = this.length) {
        const whole = start <= 0 && end >= this.length;
        return host.decode(whole ? this : this.subarray(Math.max(start, 0), end), encodingOf(encoding));
    }
    toJSON() {
        return {type: 'Buffer', data: Array.from(this)};
    }
    equals(other) {
        return Buffer.compare(this, bytesOf(other)) === 0;
    }
    compare(other) {
        return Buffer.compare(this, other);
    }
    slice(start, end) {
        return this.subarray(start, end);
    }
    copy(target, targetStart = 0, start = 0, end = this.length) {
        const part = this.subarray(start, Math.min(end, start + target.length - targetStart));
        target.set(part, targetStart);
        return part.length;
    }
    write(text, offset = 0, length = undefined, encoding = undefined) {
        if (typeof offset === 'string') [encoding, offset] = [offset, 0];
        if (typeof length === 'string') [encoding, length] = [length, undefined];
        const bytes = Buffer.from(text, encoding);
        return bytes.copy(this, offset, 0, length === undefined ? bytes.length : Math.min(length, bytes.length));
    }
    fill(value, start = 0, end = this.length, encoding = undefined) {
        if (typeof start === 'string') [encoding, start, end] = [start, 0, this.length];
        if (typeof value !== 'string') return super.fill(value, start, end);
        const pattern = Buffer.from(value, encoding);
        if (pattern.length === 0) return super.fill(0, start, end);
        for (let i = start; i < end; ++i) this[i] = pattern[(i - start) % pattern.length];
        return this;
    }
    indexOf(value, from = 0, encoding = undefined) {
        if (typeof value === 'number') return super.indexOf(value & 255, from);
        const wanted = typeof value === 'string' ? Buffer.from(value, encoding) : bytesOf(value);
        const first = from < 0 ? Math.max(this.length + from, 0) : from;
        for (let at = first; at + wanted.length <= this.length; ++at) {
            let i = 0;
            while (i < wanted.length && this[at + i] === wanted[i]) ++i;
            if (i === wanted.length) return at;
        }
        return -1;
    }
    includes(value, from = 0, encoding = undefined) {
        return this.indexOf(value, from, encoding) !== -1;
    }
}

function addNumbers() {
    const forms = [
        ['Int8', 1, 'Int8'], ['UInt8', 1, 'Uint8'], ['Int16', 2, 'Int16'], ['UInt16', 2, 'Uint16'],
        ['Int32', 4, 'Int32'], ['UInt32', 4, 'Uint32'], ['BigInt64', 8, 'BigInt64'], ['BigUInt64', 8, 'BigUint64'],
        ['Float', 4, 'Float32'], ['Double', 8, 'Float64'],
    ];
    const add = (name, value) => Object.defineProperty(Buffer.prototype, name, {value, writable: true, configurable: true});
    for (const [name, size, view] of forms) {
        for (const order of size === 1 ? [''] : ['LE', 'BE']) {
            const little = order === 'LE';
            add(`read${name}${order}`, function (offset = 0) {
                return new DataView(this.buffer, this.byteOffset, this.length)[`get${view}`](offset, little);
            });
            add(`write${name}${order}`, function (value, offset = 0) {
                new DataView(this.buffer, this.byteOffset, this.length)[`set${view}`](offset, value, little);
                return offset + size;
            });
        }
    }
    for (const name of Object.getOwnPropertyNames(Buffer.prototype))
        if (/^(read|write)(Big)?UInt/.test(name)) add(name.replace('UInt', 'Uint'), Buffer.prototype[name]);
}
addNumbers();

class TextEncoder {
    get encoding() {
        return 'utf-8';
    }
    encode(text = '') {
        return new Uint8Array(host.encode(String(text), 'utf8'));
    }
}

class TextDecoder {
    #encoding;
    constructor(label = 'utf-8') {
        this.#encoding = encodingOf(label);
        if (this.#encoding !== 'utf8' && this.#encoding !== 'utf16le')
            throw new RangeError(`The "${label}" encoding is not supported`);
    }
    get encoding() {
        return this.#encoding === 'utf8' ? 'utf-8' : 'utf-16le';
    }
    decode(bytes) {
        if (bytes === undefined) return '';
        const text = host.decode(bytesOf(bytes), this.#encoding);
        return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
    }
}

Object.assign(builtins, {Buffer, TextEncoder, TextDecoder, bytesOf});
builtins.modules.buffer = {Buffer};

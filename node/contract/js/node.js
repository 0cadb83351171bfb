// What contracts take from Node.js without being of any use to reach the outside: console, util, crypto's digests.
const {Buffer, bytesOf} = builtins;

function quoted(text) {
    return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\n', '\\n')}'`;
}

function inspectEntries(value, depth, seen) {
    const inner = (part) => inspect(part, depth - 1, seen);
    if (Array.isArray(value)) return ['[', value.map(inner), ']'];
    if (value instanceof Map)
        return [`Map(${value.size}) {`, Array.from(value, ([k, v]) => `${inner(k)} => ${inner(v)}`), '}'];
    if (value instanceof Set) return [`Set(${value.size}) {`, Array.from(value, inner), '}'];
    const kind = value.constructor?.name;
    const open = kind === undefined || kind === 'Object' ? '{' : `${kind} {`;
    return [open, Object.keys(value).map((key) => {
        const property = Object.getOwnPropertyDescriptor(value, key);
        return `${/^[A-Za-z_$][\w$]*$/.test(key) ? key : quoted(key)}: ${'value' in property ? inner(property.value) : '[Getter]'}`;
    }), '}'];
}

// A value for people; short, and without calling anything of the value but its message.
function inspect(value, depth = 3, seen = new Set()) {
    if (typeof value === 'string') return quoted(value);
    if (typeof value === 'bigint') return `${value}n`;
    if (typeof value === 'function') return `[Function: ${value.name || '(anonymous)'}]`;
    if (value === null || typeof value !== 'object') return String(value);
    if (value instanceof Error) return `${value.name}: ${value.message}`;
    if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString();
    if (value instanceof RegExp) return String(value);
    if (value instanceof Uint8Array)
        return `<Buffer ${host.decode(value.subarray(0, 50), 'hex')}${value.length > 50 ? ' …' : ''}>`;
    if (value instanceof Promise) return 'Promise';
    if (seen.has(value)) return '[Circular *]';
    if (depth < 0) return Array.isArray(value) ? '[Array]' : '[Object]';
    seen.add(value);
    const [open, parts, close] = inspectEntries(value, depth, seen);
    seen.delete(value);
    const shown = parts.slice(0, 100);
    if (parts.length > shown.length) shown.push(`… ${parts.length - shown.length} more`);
    if (shown.length === 0) return open + close;
    return open === '[' ? `[ ${shown.join(', ')} ]` : `${open} ${shown.join(', ')} ${close}`;
}

const shown = (value) => (typeof value === 'string' ? value : inspect(value));

function format(first, ...rest) {
    if (typeof first !== 'string') return [first, ...rest].map(shown).join(' ');
    let next = 0;
    const text = first.replace(/%[sdifjoOc%]/g, (mark) => {
        if (mark === '%%') return '%';
        if (next >= rest.length) return mark;
        const value = rest[next++];
        switch (mark) {
            case '%s': return shown(value);
            case '%d': return typeof value === 'bigint' ? `${value}n` : String(Number(value));
            case '%i': return typeof value === 'bigint' ? `${value}n` : String(parseInt(value, 10));
            case '%f': return String(parseFloat(value));
            case '%j': return JSON.stringify(value);
            case '%c': return '';
            default: return inspect(value);
        }
    });
    return [text, ...rest.slice(next).map(shown)].join(' ');
}

function loggerNamed(name) {
    const write = (level) => (...parts) => host.log(level, name === '' ? format(...parts) : `[${name}] ${format(...parts)}`);
    return {
        debug: write('debug'), silly: write('debug'), verbose: write('debug'), info: write('info'), log: write('info'),
        warn: write('warning'), warning: write('warning'), error: write('error'), critical: write('error'),
    };
}

const plain = loggerNamed('');
const nothing = () => undefined;
const console = {
    log: plain.info, info: plain.info, debug: plain.debug, trace: plain.debug, warn: plain.warn, error: plain.error,
    dir: (value) => plain.info(inspect(value)), table: (value) => plain.info(inspect(value)),
    assert: (condition, ...parts) => condition || plain.error('Assertion failed', ...parts),
    group: nothing, groupCollapsed: nothing, groupEnd: nothing,
};

const util = {
    format,
    inspect: (value) => inspect(value),
    inherits(constructor, parent) {
        Object.setPrototypeOf(constructor.prototype, parent.prototype);
        Object.setPrototypeOf(constructor, parent);
    },
    promisify: (callee) => (...args) => new Promise((resolve, reject) => {
        callee(...args, (error, value) => (error ? reject(error) : resolve(value)));
    }),
    isDeepStrictEqual: (a, b) => inspect(a, Infinity) === inspect(b, Infinity),
    TextEncoder: builtins.TextEncoder,
    TextDecoder: builtins.TextDecoder,
};

class Hash {
    #algorithm;
    #parts = [];
    constructor(algorithm) {
        this.#algorithm = String(algorithm).toLowerCase().replace('-', '');
        if (!['sha1', 'sha256', 'sha384', 'sha512', 'sm3'].includes(this.#algorithm))
            throw new Error(`Digest method not supported: ${algorithm}`);
    }
    update(data, encoding) {
        if (this.#parts === null) throw new Error('Digest already called');
        this.#parts.push(typeof data === 'string' ? Buffer.from(data, encoding) : Buffer.from(bytesOf(data)));
        return this;
    }
    digest(encoding) {
        if (this.#parts === null) throw new Error('Digest already called');
        const result = new Buffer(host.digest(this.#algorithm, Buffer.concat(this.#parts)));
        this.#parts = null;
        return encoding === undefined ? result : result.toString(encoding);
    }
}

Object.assign(builtins, {console, format, inspect, loggerNamed, Hash});
builtins.modules.util = util;
builtins.modules.crypto = {createHash: (algorithm) => new Hash(algorithm)};

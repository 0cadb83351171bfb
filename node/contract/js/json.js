// json-stringify-deterministic and sort-keys-recursive: JSON with sorted keys, which every peer writes alike.
function sorted(value, options) {
    if (Array.isArray(value)) return value.map((part) => sorted(part, options));
    if (value === null || typeof value !== 'object' || typeof value.toJSON === 'function') return value;
    const prototype = Object.getPrototypeOf(value);
    if (prototype !== null && prototype !== Object.prototype && !options.everything) return value;
    const result = {};
    for (const key of Object.keys(value).sort(options.compare)) result[key] = sorted(value[key], options);
    return result;
}

// Behind toJSON and the replacer, as JSON.stringify sees it.
function stringify(value, options = {}) {
    const {space = '', cycles = false, replacer = (key, part) => part, stringify: write = JSON.stringify} = options;
    const compare = typeof options.compare === 'function'
        ? (owner) => (a, b) => options.compare({key: a, value: owner[a]}, {key: b, value: owner[b]})
        : () => undefined;
    const open = new Set();
    const visit = (key, raw, owner) => {
        let part = raw !== null && typeof raw === 'object' && typeof raw.toJSON === 'function' ? raw.toJSON(key) : raw;
        part = replacer.call(owner, key, part);
        if (part === null || typeof part !== 'object') return part;
        if (open.has(part)) {
            if (cycles) return '[Circular]';
            throw new TypeError('Converting circular structure to JSON');
        }
        open.add(part);
        let result;
        if (Array.isArray(part)) {
            result = part.map((inner, i) => visit(String(i), inner, part));
        } else {
            result = {};
            for (const name of Object.keys(part).sort(compare(part))) {
                Object.defineProperty(result, name, {
                    value: visit(name, part[name], part), enumerable: true, writable: true, configurable: true,
                });
            }
        }
        open.delete(part);
        return result;
    };
    return write(visit('', value, {'': value}), null, space);
}
stringify.default = stringify;

function sortKeysRecursive(value, options = {}) {
    return sorted(value, {compare: options.compareFunction, everything: true});
}
sortKeysRecursive.default = sortKeysRecursive;

builtins.modules['json-stringify-deterministic'] = stringify;
builtins.modules['sort-keys-recursive'] = sortKeysRecursive;

// The last one: takes away what could make two peers differ, and freezes everything that transactions share. A realm
// serves one transaction after the other and several at once; after this file none of them can leave anything in it.
const {Buffer, TextEncoder, TextDecoder, console, Contract, Context, ChaincodeStub, ClientIdentity, reflection} = builtins;

const KEPT = new Set(['NaN', 'undefined', 'Infinity', 'isNaN', 'isFinite', 'escape', 'unescape', 'decodeURI',
    'decodeURIComponent', 'encodeURI', 'encodeURIComponent', 'eval', 'globalThis', 'parseInt', 'parseFloat',
    'ArrayBuffer', 'Error', 'EvalError', 'RangeError', 'ReferenceError', 'SyntaxError', 'TypeError', 'URIError',
    'AggregateError', 'SuppressedError', 'Proxy', 'Reflect', 'JSON', 'Math', 'Int8Array', 'Int16Array', 'Int32Array',
    'Uint8Array', 'Uint8ClampedArray', 'Uint16Array', 'Uint32Array', 'Float16Array', 'Float32Array', 'Float64Array',
    'BigInt64Array', 'BigUint64Array', 'DataView', 'Date', 'Boolean', 'Map', 'Number', 'Set', 'WeakMap', 'WeakSet',
    'Object', 'Function', 'Array', 'RegExp', 'Iterator', 'String', 'Promise', 'BigInt', 'Symbol']);
for (const name of Reflect.ownKeys(globalThis))
    if (typeof name === 'string' && !KEPT.has(name)) delete globalThis[name];

function define(object, name, value) {
    Object.defineProperty(object, name, {value, writable: true, enumerable: false, configurable: true});
}
function refused(what, instead) {
    return function () {
        throw new Error(`${what} is not available in a contract, for every peer must compute the same: ${instead}`);
    };
}

const TIME = 'use ctx.stub.getTxTimestamp() or ctx.stub.getDateTimestamp()';
const RealDate = Date;
const noClock = refused('The current time (Date.now, new Date())', TIME);
function SafeDate(...args) {
    if (new.target === undefined || args.length === 0) noClock();
    return Reflect.construct(RealDate, args, new.target);
}
Object.defineProperties(SafeDate, {
    name: {value: 'Date'}, length: {value: 7}, prototype: {value: RealDate.prototype, writable: false},
});
define(SafeDate, 'now', noClock);
define(SafeDate, 'UTC', RealDate.UTC);
define(SafeDate, 'parse', RealDate.parse);
define(RealDate.prototype, 'constructor', SafeDate);
define(globalThis, 'Date', SafeDate);

define(Math, 'random', refused('Math.random', 'take what is needed from the transaction id or an argument'));

const LOCALE = 'the language settings of machines differ; format and compare explicitly';
const TypedArray = Object.getPrototypeOf(Uint8Array);
for (const owner of [Date, Number, BigInt, String, Array, TypedArray]) {
    for (const name of Object.getOwnPropertyNames(owner.prototype)) {
        if (/^(toLocale|localeCompare)/.test(name))
            define(owner.prototype, name, refused(`${owner.name}.prototype.${name}`, LOCALE));
    }
}
// The last match of any regular expression of anybody.
for (const name of Reflect.ownKeys(RegExp)) {
    if (typeof name === 'string' && /^(\$.|input|multiline|lastMatch|lastParen|leftContext|rightContext)$/.test(name))
        delete RegExp[name];
}
delete Function.prototype.caller;
delete Function.prototype.arguments;

for (const [name, value] of Object.entries({
    Buffer, TextEncoder, TextDecoder, console, global: globalThis,
    process: {env: {}, argv: [], version: '', versions: {}, platform: 'contract', cwd: () => '/',
        nextTick: (callee, ...args) => void Promise.resolve().then(() => callee(...args)), on() {}},
    queueMicrotask: (callee) => void Promise.resolve().then(callee),
})) define(globalThis, name, value);
for (const name of ['setTimeout', 'setInterval', 'setImmediate', 'clearTimeout', 'clearInterval', 'clearImmediate'])
    define(globalThis, name, refused(name, 'there are no timers'));
for (const [name, value] of Object.entries(reflection)) define(Reflect, name, value);

// An assignment to an object whose frozen prototype has a property of that name would fail. Where programs do that in
// earnest (names of errors, methods of contracts), the property becomes one that can be hidden.
function hideable(object, name) {
    const property = Object.getOwnPropertyDescriptor(object, name);
    if (property === undefined || !('value' in property) || !property.configurable) return;
    const {value} = property;
    Object.defineProperty(object, name, {
        enumerable: property.enumerable,
        configurable: false,
        get() {
            return value;
        },
        set(next) {
            if (this === object || !Reflect.defineProperty(Object(this), name,
                {value: next, writable: true, enumerable: true, configurable: true}))
                throw new TypeError(`Cannot assign to read only property '${String(name)}'`);
        },
    });
}
for (const owner of [Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError, AggregateError])
    for (const name of ['constructor', 'name', 'message', 'toString']) hideable(owner.prototype, name);
for (const name of Reflect.ownKeys(Object.prototype)) hideable(Object.prototype, name);
for (const name of ['constructor', 'toString']) hideable(Function.prototype, name);
hideable(Iterator.prototype, Symbol.iterator);
for (const owner of [Contract, Context, ChaincodeStub, ClientIdentity])
    for (const name of Object.getOwnPropertyNames(owner.prototype)) hideable(owner.prototype, name);

function harden(root) {
    const queue = [root];
    const seen = new Set();
    while (queue.length > 0) {
        const value = queue.pop();
        if (value === null || (typeof value !== 'object' && typeof value !== 'function') || seen.has(value)) continue;
        if (Object.isFrozen(value) && frozen.has(value)) continue;
        seen.add(value);
        queue.push(Object.getPrototypeOf(value));
        for (const key of Reflect.ownKeys(value)) {
            const {value: part, get, set} = Object.getOwnPropertyDescriptor(value, key);
            queue.push(part, get, set);
        }
        Object.freeze(value);
        frozen.add(value);
    }
    return root;
}
const frozen = new WeakSet();
builtins.harden = harden;

// What no property leads to.
const prototypeOf = (object) => Object.getPrototypeOf(object);
const hidden = [
    function* () {}, async function () {}, async function* () {}, () => {}, (function* () {})(), (async function* () {})(),
    prototypeOf([][Symbol.iterator]()), prototypeOf(''[Symbol.iterator]()), prototypeOf(new Map()[Symbol.iterator]()),
    prototypeOf(new Set()[Symbol.iterator]()), prototypeOf('a'.matchAll(/a/g)), TypedArray,
    prototypeOf(Iterator.prototype.map.call([].values(), (x) => x)), prototypeOf(Iterator.from({next() {}})),
    (function () { return arguments; })(),
];
for (const value of hidden) harden(value);
// Classes that only their instances lead to stand in `builtins` for this.
for (const value of Object.values(builtins)) harden(value);
harden(host);
harden(globalThis);

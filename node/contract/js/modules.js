// CommonJS. The functions of a package's files are compiled once; what they make when they run belongs to one
// transaction, so nothing that a module keeps outlives it.
const compiled = new Map();
const resolved = new Map(); // the package does not change

const OUTSIDE = new Set(['fs', 'path', 'net', 'http', 'https', 'http2', 'dgram', 'dns', 'tls', 'os', 'child_process',
    'cluster', 'worker_threads', 'vm', 'v8', 'perf_hooks', 'timers', 'readline', 'stream', 'zlib', 'process', 'inspector']);

function missing(name, from) {
    const error = new Error(OUTSIDE.has(name)
        ? `Module '${name}' is not available in a contract: it has no files, network, processes, clock or timers`
        : `Cannot find module '${name}' (required by ${from})`);
    error.code = 'MODULE_NOT_FOUND';
    return error;
}

function normalized(path) {
    const parts = [];
    for (const part of path.split('/')) {
        if (part === '..') {
            if (parts.length === 0) return null;
            parts.pop();
        } else if (part !== '' && part !== '.') {
            parts.push(part);
        }
    }
    return parts.join('/');
}
const folderOf = (path) => path.slice(0, Math.max(path.lastIndexOf('/'), 0));
const joined = (folder, path) => normalized(folder === '' ? path : `${folder}/${path}`);

function asFile(path) {
    for (const ending of ['', '.js', '.cjs', '.json']) if (host.hasFile(path + ending)) return path + ending;
    return null;
}
function asModule(path) {
    if (path === null) return null;
    const file = path === '' ? null : asFile(path);
    if (file !== null) return file;
    const inside = (name) => (path === '' ? name : `${path}/${name}`);
    if (host.hasFile(inside('package.json'))) {
        const {main} = JSON.parse(host.fileText(inside('package.json')));
        if (typeof main === 'string') {
            const found = joined(path, main);
            const target = found === null ? null : asFile(found) ?? asFile(`${found}/index`);
            if (target !== null) return target;
        }
    }
    return asFile(inside('index'));
}
function resolve(name, from) {
    const key = `${from}\0${name}`;
    let path = resolved.get(key);
    if (path === undefined) {
        path = search(name, from);
        resolved.set(key, path);
    }
    return path;
}
function search(name, from) {
    if (name.startsWith('./') || name.startsWith('../') || name === '.' || name === '..') {
        const found = asModule(joined(folderOf(from), name));
        if (found === null) throw missing(name, from);
        return found;
    }
    for (let folder = folderOf(from); ; folder = folderOf(folder)) {
        const found = asModule(joined(folder, `node_modules/${name}`));
        if (found !== null) return found;
        if (folder === '') throw missing(name, from);
    }
}

function functionOf(path) {
    let found = compiled.get(path);
    if (found === undefined) {
        if (path.endsWith('.mjs') || builtins.isEcmaScriptModule)
            throw new Error(`${path}: ECMAScript modules are not supported, write the contract with require and module.exports`);
        found = builtins.harden(host.compile(path));
        compiled.set(path, found);
    }
    return found;
}

// Runs the modules of the package for one transaction and gives what `main` exports.
builtins.runModules = (main) => {
    const cache = new Map();
    const load = (path) => {
        const known = cache.get(path);
        if (known !== undefined) return known.exports;
        const module = {exports: {}, id: path, filename: `/${path}`, loaded: false};
        cache.set(path, module);
        if (path.endsWith('.json')) {
            module.exports = JSON.parse(host.fileText(path));
        } else {
            const require = (name) => {
                if (typeof name !== 'string') throw new TypeError('The "id" argument must be of type string');
                const bare = name.startsWith('node:') ? name.slice(5) : name;
                if (Object.hasOwn(builtins.modules, bare)) return builtins.modules[bare];
                return load(resolve(bare, path));
            };
            require.resolve = (name) => `/${resolve(name, path)}`;
            require.main = undefined;
            module.require = require;
            functionOf(path).call(module.exports, module.exports, require, module, module.filename, `/${folderOf(path)}`);
        }
        module.loaded = true;
        return module.exports;
    };
    return load(main);
};
builtins.findMain = (main) => {
    const found = main === '' ? asModule('') : asModule(normalized(main));
    if (found === null)
        throw new Error(main === '' ? 'the package has neither a main entry in package.json nor an index.js'
            : `the main entry '${main}' of package.json is not in the package`);
    return found;
};

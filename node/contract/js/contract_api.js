// fabric-contract-api: base classes, decorators and the JSON serializer.
const {Buffer, loggerNamed} = builtins;

class Context {
    setChaincodeStub(stub) {
        this.stub = stub;
    }
    setClientIdentity(clientIdentity) {
        this.clientIdentity = clientIdentity;
    }
}

class Contract {
    constructor(name) {
        this.__isContract = true;
        this.name = name === undefined || name === null ? this.constructor.name : name.trim();
    }
    static _isContract(object) {
        return object instanceof Contract || Boolean(object.__isContract);
    }
    async beforeTransaction(ctx) {} // eslint-disable-line no-unused-vars
    async afterTransaction(ctx, result) {} // eslint-disable-line no-unused-vars
    async aroundTransaction(ctx, fn, parameters) {
        return this[fn](ctx, ...parameters);
    }
    async unknownTransaction(ctx) {
        const {fcn} = ctx.stub.getFunctionAndParameters();
        throw new Error(`You've asked to invoke a function that does not exist: ${fcn}`);
    }
    createContext() {
        return new Context();
    }
    getName() {
        return this.name;
    }
}

// What decorators say, kept by the objects that they decorate: it ends with them.
const metadata = new WeakMap();
function metadataOf(target, property) {
    if (!metadata.has(target)) metadata.set(target, new Map());
    const all = metadata.get(target);
    if (!all.has(property)) all.set(property, new Map());
    return all.get(property);
}
function ownMetadata(key, target, property) {
    return metadata.get(target)?.get(property)?.get(key);
}
function getMetadata(key, target, property) {
    for (let at = target; at !== null && at !== undefined; at = Object.getPrototypeOf(at)) {
        const found = ownMetadata(key, at, property);
        if (found !== undefined) return found;
    }
    return undefined;
}
function defineMetadata(key, value, target, property) {
    metadataOf(target, property).set(key, value);
}
const reflection = {
    defineMetadata, getMetadata, getOwnMetadata: ownMetadata,
    hasMetadata: (...args) => getMetadata(...args) !== undefined,
    hasOwnMetadata: (...args) => ownMetadata(...args) !== undefined,
    metadata: (key, value) => (target, property) => defineMetadata(key, value, target, property),
};

const REFERENCE = '#/components/schemas/';
function schemaOf(type, reference = REFERENCE) {
    const name = typeof type === 'function' ? type.name : String(type);
    if (/^(string|number|boolean)$/i.test(name)) return {type: name.toLowerCase()};
    const list = /^Array<(.+)>$/.exec(name) ?? /^(.+)\[\]$/.exec(name);
    if (list) return {type: 'array', items: schemaOf(list[1], reference)};
    const map = /^Map<[^,]+,\s*(.+)>$/.exec(name);
    if (map) return {type: 'object', additionalProperties: schemaOf(map[1], reference)};
    return {$ref: reference + name};
}

function parameterNames(callee) {
    const text = /\(([^)]*)\)/.exec(Function.prototype.toString.call(callee));
    return text === null ? [] : text[1].split(',').map((part) => part.split('=')[0].trim()).filter((part) => part !== '');
}

// The entry of a transaction function in the list that its class keeps.
function transactionEntry(target, name) {
    let list = ownMetadata('fabric:transactions', target);
    if (list === undefined) {
        list = (getMetadata('fabric:transactions', target) ?? []).map((entry) => ({...entry}));
        defineMetadata('fabric:transactions', list, target);
    }
    let entry = list.find((one) => one.name === name);
    if (entry === undefined) {
        entry = {name};
        list.push(entry);
    }
    return entry;
}

function Transaction(commit = true) {
    return (target, property) => {
        const names = parameterNames(target[property]);
        const types = getMetadata('design:paramtypes', target, property) ?? [];
        const contextType = target.createContext().constructor;
        const entry = transactionEntry(target, property);
        const described = new Map((entry.parameters ?? []).map((one) => [one.name, one]));
        const isContext = (type) => type === contextType || type === Context;
        const kept = types.length > 0
            ? types.map((type, i) => ({type, name: names[i]})).filter(({type}) => !isContext(type))
            : names.slice(1).map((name) => ({type: 'string', name}));
        entry.tag = commit ? ['SUBMIT', 'submitTx'] : ['EVALUATE'];
        entry.parameters = kept.map(({type, name}) => {
            if (described.has(name)) return described.get(name);
            if (type === Object)
                throw new Error(`Type not properly specified for parameter ${name}, can not process pure Object types`);
            return {name, description: '', schema: schemaOf(type)};
        });
    };
}
function Returns(type) {
    return (target, property) => {
        transactionEntry(target, property).returns = schemaOf(type);
    };
}
function Param(name, type, description = '') {
    return (target, property) => {
        const entry = transactionEntry(target, property);
        entry.parameters ??= [];
        const known = entry.parameters.find((one) => one.name === name);
        if (known) Object.assign(known, {schema: schemaOf(type), description});
        else entry.parameters.push({name, description, schema: schemaOf(type)});
    };
}
function Info(info = {}) {
    return (target) => defineMetadata('fabric:info', {...info, name: info.name || target.name, version: info.version || ''}, target);
}
function Default() {
    return (target) => {
        const registry = builtins.registry();
        if (registry.defaultName !== undefined) throw new Error('A default has already been specified');
        registry.defaultName = new target().getName();
    };
}
function ObjectType(options) {
    return (target) => {
        const properties = getMetadata('fabric:object-properties', target.prototype) ?? {};
        const parent = Object.getPrototypeOf(target.prototype).constructor;
        const own = {type: 'object', properties};
        const schema = parent === Object
            ? {$id: target.name, ...own}
            : {$id: target.name, allOf: [own, {$ref: parent.name}]};
        if (options?.discriminator) schema.discriminator = {propertyName: options.discriminator};
        builtins.registry().schemas[target.name] = schema;
    };
}
function Property(name, type) {
    return (target, property) => {
        const properties = {...getMetadata('fabric:object-properties', target)};
        if (name && type) properties[name] = schemaOf(type, '');
        else properties[property] = schemaOf(getMetadata('design:type', target, property) ?? 'string', '');
        defineMetadata('fabric:object-properties', properties, target);
    };
}

class JSONSerializer {
    toBuffer(result, schema = {}) {
        if (result === undefined || result === null) return undefined;
        if (schema.type === 'string' || schema.type === 'number') {
            if (schema.type !== typeof result)
                throw new Error(`Returned value is ${typeof result} does not match schema type of ${schema.type}`);
            return Buffer.from(result.toString());
        }
        if (['number', 'string', 'boolean'].includes(typeof result)) return Buffer.from(result.toString());
        return Buffer.from(JSON.stringify(result));
    }
    fromBuffer(data, fullSchema) {
        if (!data) throw new Error('Buffer needs to be supplied');
        if (!fullSchema) throw new Error('Schema has not been specified');
        return this.#read(data.toString('utf8'), fullSchema.properties.prop, fullSchema.components?.schemas ?? {});
    }
    #read(text, schema, schemas) {
        switch (schema.$ref ? 'object' : schema.type) {
            case 'string':
                return {value: text, validateData: text};
            case 'number': {
                const value = Number(text);
                if (Number.isNaN(value)) throw new Error('fromBuffer could not convert data to number');
                return {value, validateData: value};
            }
            case 'boolean': {
                const word = text.trim().toLowerCase();
                if (word !== 'true' && word !== 'false') throw new Error('fromBuffer could not convert data to boolean');
                return {value: word === 'true', validateData: word === 'true'};
            }
            default:
                return this.#readJson(text, schema);
        }
    }
    #readJson(text, schema) {
        let parsed;
        try {
            parsed = JSON.parse(text);
        } catch (error) {
            if (schema.type === 'array') throw error;
            return {value: text, validateData: text};
        }
        const value = parsed !== null && parsed.type === 'Buffer' ? Buffer.from(parsed.data) : parsed;
        return {value, validateData: parsed};
    }
}

Object.assign(builtins, {Contract, Context, JSONSerializer, reflection, getMetadata});
builtins.modules['fabric-contract-api'] = {
    Contract, Context, JSONSerializer, Transaction, Returns, Param, Info, Default, Object: ObjectType, Property,
};
builtins.modules['reflect-metadata'] = reflection;
builtins.loggerNamed = loggerNamed;

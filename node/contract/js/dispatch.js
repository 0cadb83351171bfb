// From a message of the peer to a function of a contract, and back.
const {Buffer, Contract, JSONSerializer, ClientIdentity, ChaincodeStub, Requests, Shim, loggerNamed} = builtins;

const SCHEMA = 'https://hyperledger.github.io/fabric-chaincode-node/main/api/contract-schema.json';
const SYSTEM = 'org.hyperledger.fabric';

// Set while the modules of a transaction run: decorators and Shim.start speak to it.
let current = null;
builtins.registry = () => {
    if (current === null) throw new Error('only possible while the modules of the contract are loaded');
    return current;
};

let main = '';
let metadata = null; // deeply frozen, the same for all transactions
const transactionsOf = new Map(); // by contract, then by function: what the metadata say
const plainTexts = new WeakSet(); // schemas of parameters that arrive as they are
let metadataText = '';

class SystemContract extends Contract {
    constructor() {
        super(SYSTEM);
    }
    async GetMetadata() {
        return JSON.parse(metadataText);
    }
}

// Fresh modules, fresh contracts: what one transaction changes is gone with it.
function instantiate() {
    const registry = {contracts: new Map(), schemas: {}, defaultName: undefined, chaincode: undefined, serializer: undefined};
    current = registry;
    try {
        const exported = builtins.runModules(main);
        if (registry.chaincode === undefined) addContracts(registry, exported);
    } finally {
        current = null;
    }
    return registry;
}
function addContracts(registry, exported) {
    const classes = exported.contracts ? [...exported.contracts] : [exported];
    for (const contractClass of [...classes, SystemContract]) {
        if (typeof contractClass !== 'function')
            throw new Error('the package exports no contract: expected module.exports.contracts = [Class, …]');
        const contract = new contractClass();
        if (!Contract._isContract(contract)) throw new Error(`invalid contract instance ${JSON.stringify(contract)}`);
        const name = contract.getName();
        registry.defaultName ??= name;
        if (registry.defaultName === name) contract.default = true;
        registry.contracts.set(name, contract);
    }
    const chosen = exported.serializers;
    if (chosen !== undefined && !chosen.transaction)
        throw new Error("There should be a 'transaction' property to define the serializer for use with transactions");
    const serializers = {jsonSerializer: JSONSerializer, ...chosen?.serializers};
    registry.serializer = new (serializers[chosen?.transaction ?? 'jsonSerializer'])();
}

function describeTransactions(contract, name) {
    const decorated = builtins.getMetadata('fabric:transactions', contract) ?? [];
    if (decorated.length > 0) return decorated;
    const skipped = new Set(Object.getOwnPropertyNames(Contract.prototype));
    const found = [];
    for (const property of Object.getOwnPropertyNames(Object.getPrototypeOf(contract))) {
        const value = contract[property];
        if (typeof value !== 'function' || skipped.has(property) || property.startsWith('_')) continue;
        const transaction = {name: property};
        if (name !== SYSTEM) transaction.tags = ['SUBMIT', 'submitTx'];
        if (value.length > 1) {
            transaction.parameters = Array.from({length: value.length - 1}, (_, i) => (
                {name: `arg${i}`, description: `Argument ${i}`, schema: {type: 'string'}}));
        }
        found.push(transaction);
    }
    return found;
}

function describe(registry, facts) {
    const all = facts.metadata ?? {};
    const result = {...all};
    if (!result.$schema) result.$schema = SCHEMA;
    if (result.contracts && Object.keys(result.contracts).length > 0) {
        const unknown = [...registry.contracts.keys()].filter((name) => name !== SYSTEM && !result.contracts[name]);
        if (unknown.length > 0) throw new Error(JSON.stringify(unknown.map((name) => `Missing contract ${name} in metadata`)));
    } else {
        result.contracts = {};
    }
    for (const [name, contract] of registry.contracts) {
        if (result.contracts[name] !== undefined) continue;
        const instance = JSON.parse(JSON.stringify(contract));
        for (const key of Object.keys(instance)) if (key.startsWith('_')) delete instance[key];
        result.contracts[name] = {
            name, contractInstance: instance, transactions: describeTransactions(contract, name),
            info: builtins.getMetadata('fabric:info', contract.constructor) ?? {title: '', version: ''},
        };
    }
    result.info ??= {version: facts.version, title: facts.title};
    result.components ??= {schemas: registry.schemas};
    return result;
}

function readParameters(serializer, transaction, args) {
    const expected = transaction.parameters;
    if (!expected) return args;
    if (expected.length !== args.length)
        throw new Error(`Expected ${expected.length} parameters, but ${args.length} have been supplied`);
    const schemas = metadata.components.schemas ?? {};
    const isPlain = serializer instanceof JSONSerializer;
    return expected.map(({schema}, i) => {
        if (isPlain && plainTexts.has(schema)) return args[i];
        if (!schema.type && !schema.$ref) throw new Error(`Incorrect type information ${JSON.stringify(schema)}`);
        const {value, validateData} = serializer.fromBuffer(Buffer.from(args[i]), {properties: {prop: schema}, components: {schemas}});
        const wrong = builtins.findErrors(schema, validateData === undefined ? value : validateData, schemas);
        if (wrong.length > 0) throw new Error(`Unable to validate parameter due to ${JSON.stringify(wrong)}`);
        return value;
    });
}

function splitName(called, defaultName) {
    const colon = called.indexOf(':');
    const name = colon === -1 ? '' : called.slice(0, colon);
    return [name.trim() === '' ? defaultName : name, colon === -1 ? called : called.slice(colon + 1)];
}

function prefixOf(stub) {
    return `[${stub.getChannelID()}-${stub.getTxID().substring(0, 8)}]`;
}
function messageOf(error) {
    return error instanceof Error || (error !== null && typeof error === 'object' && typeof error.message === 'string')
        ? String(error.message) : String(error);
}
function failure(stub, error) {
    const trace = error instanceof Error && error.stack ? `\n${error.stack}` : '';
    host.log('error', `${prefixOf(stub)} ${error instanceof Error ? `${error.name}: ` : ''}${messageOf(error)}${trace}`);
    return Shim.error(messageOf(error));
}

async function invokeContract(registry, stub) {
    const [called, ...args] = stub.getStringArgs();
    if (called === undefined) return Shim.success(Buffer.from('Default initiator successful.'));
    const [contractName, functionName] = splitName(called, registry.defaultName);
    const contract = registry.contracts.get(contractName);
    if (contract === undefined) throw new Error(`Contract name is not known: ${contractName}`);
    const transaction = transactionsOf.get(contractName)?.get(functionName);
    const ctx = contract.createContext();
    ctx.setChaincodeStub(stub);
    ctx.setClientIdentity(new ClientIdentity(stub));
    ctx.logging = {
        setLevel() {},
        getLogger: (name) => loggerNamed(name ? `${contractName}:${name}` : contractName),
    };
    if (transaction === undefined) {
        await contract.unknownTransaction(ctx);
        return Shim.success();
    }
    const parameters = readParameters(registry.serializer, transaction, args);
    const {prototype} = Contract; // whose own methods there do nothing that takes time
    if (contract.beforeTransaction !== prototype.beforeTransaction) await contract.beforeTransaction(ctx);
    const result = await (contract.aroundTransaction === prototype.aroundTransaction
        ? contract[functionName](ctx, ...parameters)
        : contract.aroundTransaction(ctx, functionName, parameters));
    if (contract.afterTransaction !== prototype.afterTransaction) await contract.afterTransaction(ctx, result);
    return Shim.success(registry.serializer.toBuffer(result, transaction.returns?.schema ?? {}));
}

async function run(stub, isInit) {
    let response;
    try {
        const registry = instantiate();
        if (registry.chaincode === undefined) return await invokeContract(registry, stub);
        response = await (isInit ? registry.chaincode.Init(stub) : registry.chaincode.Invoke(stub));
    } catch (error) {
        return failure(stub, error);
    }
    if (response && response.status) return response;
    return Shim.error(`${prefixOf(stub)} Calling chaincode ${isInit ? 'Init' : 'Invoke'}() has not called success or error.`);
}

const running = new Map();
async function finish(number, stub, requests, outcome) {
    const response = await outcome;
    if (requests.isBusy()) await requests.idle();
    running.delete(number);
    const event = stub.chaincodeEvent;
    host.complete(number, Number(response.status), String(response.message ?? ''), response.payload ?? '',
        event?.name ?? '', event?.payload ?? '');
}

// What the host calls. Each gives control back with all promises that can go on being done.
builtins.start = (number, channelId, txId, isInit, ...args) => {
    const requests = new Requests(number);
    const stub = new ChaincodeStub(number, requests, channelId, txId, args);
    running.set(number, requests);
    finish(number, stub, requests, run(stub, isInit)).catch((error) => {
        running.delete(number);
        host.fail(number, messageOf(error));
    });
    host.drain();
};
builtins.resume = (number, failed, value) => {
    running.get(number)?.answer(failed, value);
    host.drain();
};
builtins.drop = (number) => {
    running.delete(number);
};
// Reads the package once: gives its metadata, or throws what is wrong with it.
builtins.load = (text) => {
    const facts = JSON.parse(text);
    builtins.isEcmaScriptModule = facts.isEcmaScriptModule;
    main = builtins.findMain(facts.main);
    const registry = instantiate();
    metadataText = JSON.stringify(registry.chaincode === undefined ? describe(registry, facts) : {});
    metadata = builtins.harden(JSON.parse(metadataText));
    for (const [name, {transactions = []}] of Object.entries(metadata.contracts ?? {})) {
        transactionsOf.set(name, new Map([...transactions].reverse().map((one) => [one.name, one])));
        for (const {parameters = []} of transactions) {
            for (const {schema} of parameters)
                if (schema?.type === 'string' && Object.keys(schema).length === 1) plainTexts.add(schema);
        }
    }
    return metadataText;
};

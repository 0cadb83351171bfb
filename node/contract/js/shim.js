// fabric-shim: the ledger as a contract sees it. Every question goes to the peer as one message; the peer takes one at
// a time of each transaction, so further ones wait in line.
const {Buffer, bytesOf, loggerNamed} = builtins;

const GET_STATE = 8, PUT_STATE = 9, DEL_STATE = 10, INVOKE_CHAINCODE = 11, GET_STATE_BY_RANGE = 14;
const GET_QUERY_RESULT = 15, QUERY_STATE_NEXT = 16, QUERY_STATE_CLOSE = 17, GET_HISTORY_FOR_KEY = 19;
const GET_STATE_METADATA = 20, PUT_STATE_METADATA = 21, GET_PRIVATE_DATA_HASH = 22, PURGE_PRIVATE_DATA = 23;

const VALIDATION_PARAMETER = 'VALIDATION_PARAMETER';
const NO_PAGES = -1;
const HIGHEST = '\u{10ffff}';

class Requests {
    #number;
    #open = null;
    #waiting = [];
    #whenIdle = null;
    constructor(number) {
        this.#number = number;
    }
    ask(type, pageSize, ...words) {
        return new Promise((resolve, reject) => {
            const question = {type, pageSize, words, resolve, reject};
            if (this.#open !== null) this.#waiting.push(question);
            else this.#send(question);
        });
    }
    #send(question) {
        try {
            host.request(this.#number, question.type, question.pageSize, ...question.words);
            this.#open = question;
        } catch (error) {
            question.reject(error);
            this.#next();
        }
    }
    #next() {
        this.#open = null;
        const next = this.#waiting.shift();
        if (next !== undefined) this.#send(next);
        else if (this.#whenIdle !== null) this.#whenIdle();
    }
    answer(failed, value) {
        const question = this.#open;
        if (question === null) return;
        if (failed) question.reject(new Error(value));
        else question.resolve(value);
        this.#next();
    }
    // What a contract did not wait for belongs to its transaction all the same.
    isBusy() {
        return this.#open !== null;
    }
    idle() {
        return new Promise((resolve) => {
            this.#whenIdle = resolve;
        });
    }
}

// An answer without content comes as nothing.
function buffer(answer) {
    return answer === undefined ? new Buffer(0) : new Buffer(answer);
}
function text(value, what) {
    if (typeof value !== 'string') throw new TypeError(`${what} must be a string`);
    return value;
}
function data(value, what) {
    return typeof value === 'string' ? value : toBytes(value, what);
}
function toBytes(value, what) {
    if (value instanceof ArrayBuffer || ArrayBuffer.isView(value)) return bytesOf(value);
    throw new TypeError(`${what} must be a string or bytes`);
}
function requireCollection(collection) {
    if (!collection || typeof collection !== 'string') throw new Error('collection must be a valid string');
}
function requireKey(key) {
    if (!key || typeof key !== 'string') throw new Error('key must be a valid string');
}
function requireAttribute(attribute) {
    if (!attribute || typeof attribute !== 'string')
        throw new Error('object type or attribute not a non-zero length string');
}
function requireSimpleKeys(...keys) {
    for (const key of keys) {
        if (typeof key === 'string' && key.startsWith('\0'))
            throw new Error(`first character of the key [${key}] contains a null character which is not allowed`);
    }
}

// Rows arrive flat: id, whether more follow, whether there is metadata, its count and bookmark, then `width` per row.
class CommonIterator {
    #requests;
    #batch;
    #at = 5;
    #width;
    constructor(requests, batch, width) {
        this.#requests = requests;
        this.#batch = batch;
        this.#width = width;
    }
    async next() {
        while (this.#at >= this.#batch.length && this.#batch[1]) {
            this.#batch = await this.#requests.ask(QUERY_STATE_NEXT, this.#width === 5 ? 1 : NO_PAGES, this.#batch[0]);
            this.#at = 5;
        }
        if (this.#at >= this.#batch.length) return {done: true};
        const row = this.#batch.slice(this.#at, this.#at + this.#width);
        this.#at += this.#width;
        return {value: this._row(row), done: false};
    }
    async close() {
        return await this.#requests.ask(QUERY_STATE_CLOSE, NO_PAGES, this.#batch[0]);
    }
}
class StateQueryIterator extends CommonIterator {
    constructor(requests, batch) {
        super(requests, batch, 2);
    }
    _row([key, value]) {
        return {key, value: new Buffer(value)};
    }
}
class HistoryQueryIterator extends CommonIterator {
    constructor(requests, batch) {
        super(requests, batch, 5);
    }
    _row([txId, value, isDelete, seconds, nanos]) {
        return {txId, value: new Buffer(value), isDelete, timestamp: {seconds, nanos}};
    }
}

// A promise of an iterator that can be given to `for await` without waiting for it first.
function iterable(promise) {
    promise[Symbol.asyncIterator] = () => {
        let iterator;
        return {
            async next() {
                if (iterator === undefined) {
                    const answer = await promise;
                    iterator = answer.iterator ?? answer;
                }
                const row = await iterator.next();
                if (row.done) await iterator.close();
                return row;
            },
            async return() {
                await iterator?.close();
                return {done: true};
            },
        };
    };
    return promise;
}
// Errors of the arguments come as a rejection.
function attempt(make) {
    try {
        return iterable(make());
    } catch (error) {
        return Promise.reject(error);
    }
}

// Seconds of a timestamp, with what contracts use of the npm package `long`.
class Long {
    constructor(low, high, unsigned) {
        this.low = low;
        this.high = high;
        this.unsigned = unsigned;
    }
    static fromNumber(value) {
        return new Long(value | 0, Math.floor(value / 4294967296) | 0, true);
    }
    toNumber() {
        return (this.high >>> 0) * 4294967296 + (this.low >>> 0);
    }
    toInt() {
        return this.low >>> 0;
    }
    toBigInt() {
        return BigInt(this.toNumber());
    }
    toString() {
        return String(this.toNumber());
    }
    equals(other) {
        return this.toNumber() === Number(String(other));
    }
    compare(other) {
        return Math.sign(this.toNumber() - Number(String(other)));
    }
}

class ChaincodeStub {
    #number;
    #requests;
    #facts;
    #bufferArgs;
    #proposal;
    constructor(number, requests, channelId, txId, args) {
        this.#number = number;
        this.#requests = requests;
        this.channel_id = channelId;
        this.txId = txId;
        this.args = args;
        this.validationParameterMetakey = VALIDATION_PARAMETER;
    }
    // What the signed proposal says, read when it is asked for.
    get #caller() {
        this.#facts ??= JSON.parse(host.describe(this.#number));
        return this.#facts;
    }
    #bytes(what) {
        return new Buffer(host.proposalBytes(this.#number, what));
    }

    getArgs() {
        return this.args;
    }
    getStringArgs() {
        return this.args;
    }
    getBufferArgs() {
        this.#bufferArgs ??= this.args.map((_, i) => new Buffer(host.argument(this.#number, i)));
        return this.#bufferArgs;
    }
    getFunctionAndParameters() {
        const [fcn = '', ...params] = this.args;
        return {fcn, params};
    }
    getTxID() {
        return this.txId;
    }
    getChannelID() {
        return this.channel_id;
    }
    getCreator() {
        if (!this.#caller.creator) return undefined;
        return {mspid: this.#caller.creator, idBytes: this.#bytes('idBytes')};
    }
    getMspID() {
        const mspId = host.localMspId();
        if (mspId === '') throw new Error('CORE_PEER_LOCALMSPID is unset in chaincode process');
        return mspId;
    }
    getTransient() {
        return new Map((this.#caller.transient ?? []).map((name, i) => [name, this.#bytes(`transient:${i}`)]));
    }
    getSignedProposal() {
        if (this.#caller.creator === undefined) return undefined;
        this.#proposal ??= {
            signature: this.#bytes('signature'),
            proposal: {
                header: {
                    signatureHeader: {
                        nonce: this.#bytes('nonce'),
                        creator_u8: this.#bytes('creator'),
                        creator: this.getCreator(),
                    },
                    channelHeader: {...this.#caller.channelHeader, timestamp: this.#caller.timestamp},
                },
                payload: {input: this.#bytes('input'), transientMap: this.getTransient()},
            },
        };
        return this.#proposal;
    }
    getTxTimestamp() {
        const {seconds, nanos} = this.#caller.timestamp;
        return {nanos, seconds: Long.fromNumber(seconds)};
    }
    getDateTimestamp() {
        const {seconds, nanos} = this.#caller.timestamp;
        return new Date(seconds * 1000 + nanos / 1000000);
    }
    getBinding() {
        return this.#caller.binding;
    }

    async getState(key) {
        return buffer(await this.#requests.ask(GET_STATE, NO_PAGES, '', text(key, 'key')));
    }
    async getMultipleStates(...keys) {
        const values = [];
        for (const key of keys.flat()) values.push(await this.getState(key));
        return values;
    }
    async putState(key, value) {
        return buffer(await this.#requests.ask(PUT_STATE, NO_PAGES, '', text(key, 'key'), data(value, 'value')));
    }
    async deleteState(key) {
        return buffer(await this.#requests.ask(DEL_STATE, NO_PAGES, '', text(key, 'key')));
    }
    startWriteBatch() {}
    async finishWriteBatch() {}
    async setStateValidationParameter(key, ep) {
        return this.#putPolicy('', key, ep);
    }
    async getStateValidationParameter(key) {
        return this.#getPolicy('', key);
    }
    async #putPolicy(collection, key, ep) {
        return buffer(await this.#requests.ask(PUT_STATE_METADATA, NO_PAGES, collection, text(key, 'key'),
            VALIDATION_PARAMETER, toBytes(ep, 'the endorsement policy')));
    }
    async #getPolicy(collection, key) {
        const entries = await this.#requests.ask(GET_STATE_METADATA, NO_PAGES, collection, text(key, 'key'));
        const at = entries.indexOf(VALIDATION_PARAMETER);
        return at === -1 ? undefined : new Buffer(entries[at + 1]);
    }

    async #range(collection, startKey, endKey, pageSize = NO_PAGES, bookmark = '') {
        const batch = await this.#requests.ask(GET_STATE_BY_RANGE, pageSize, collection, text(startKey, 'startKey'),
            text(endKey ?? '', 'endKey'), text(bookmark || '', 'bookmark'));
        return this.#result(batch);
    }
    async #query(collection, query, pageSize = NO_PAGES, bookmark = '') {
        const batch = await this.#requests.ask(GET_QUERY_RESULT, pageSize, collection, text(query, 'query'),
            text(bookmark || '', 'bookmark'));
        return this.#result(batch);
    }
    #result(batch) {
        const result = {iterator: new StateQueryIterator(this.#requests, batch)};
        if (batch[2]) result.metadata = {bookmark: batch[4], fetchedRecordsCount: batch[3]};
        return result;
    }
    // Named functions, for an async method cannot return an iterable promise.
    getStateByRange(startKey, endKey) {
        return attempt(() => {
            requireSimpleKeys(startKey, endKey);
            return this.#range('', startKey || '\x01', endKey).then((result) => result.iterator);
        });
    }
    getStateByRangeWithPagination(startKey, endKey, pageSize, bookmark) {
        return attempt(() => {
            requireSimpleKeys(startKey, endKey);
            return this.#range('', startKey || '\x01', endKey, Number(pageSize), bookmark);
        });
    }
    getStateByPartialCompositeKey(objectType, attributes) {
        const prefix = this.createCompositeKey(objectType, attributes);
        return attempt(() => this.#range('', prefix, prefix + HIGHEST).then((result) => result.iterator));
    }
    getStateByPartialCompositeKeyWithPagination(objectType, attributes, pageSize, bookmark) {
        const prefix = this.createCompositeKey(objectType, attributes);
        return attempt(() => this.#range('', prefix, prefix + HIGHEST, Number(pageSize), bookmark));
    }
    getQueryResult(query) {
        return attempt(() => this.#query('', query).then((result) => result.iterator));
    }
    getQueryResultWithPagination(query, pageSize, bookmark) {
        return attempt(() => this.#query('', query, Number(pageSize), bookmark));
    }
    getHistoryForKey(key) {
        return attempt(() => this.#requests.ask(GET_HISTORY_FOR_KEY, NO_PAGES, text(key, 'key'))
            .then((batch) => new HistoryQueryIterator(this.#requests, batch)));
    }

    async invokeChaincode(chaincodeName, args, channel) {
        const name = channel && channel.length > 0 ? `${chaincodeName}/${channel}` : chaincodeName;
        const words = args.map((value) => data(value, 'an argument'));
        const [completed, status, message, payload] =
            await this.#requests.ask(INVOKE_CHAINCODE, NO_PAGES, text(name, 'chaincodeName'), ...words);
        if (!completed) throw new Error(message);
        return {status, message, payload: new Buffer(payload)};
    }
    setEvent(name, payload) {
        if (typeof name !== 'string' || name === '') throw new Error('Event name must be a non-empty string');
        this.chaincodeEvent = {name, payload: data(payload ?? '', 'payload')};
    }
    createCompositeKey(objectType, attributes) {
        requireAttribute(objectType);
        if (!Array.isArray(attributes)) throw new Error('attributes must be an array');
        let key = `\0${objectType}\0`;
        for (const attribute of attributes) {
            requireAttribute(attribute);
            key += `${attribute}\0`;
        }
        return key;
    }
    splitCompositeKey(compositeKey) {
        if (!compositeKey || compositeKey.length < 2 || !compositeKey.startsWith('\0'))
            return {objectType: null, attributes: []};
        const [objectType, ...attributes] = compositeKey.slice(1).split('\0');
        attributes.pop();
        return {objectType, attributes};
    }

    async getPrivateData(collection, key) {
        requireCollection(collection);
        requireKey(key);
        return buffer(await this.#requests.ask(GET_STATE, NO_PAGES, collection, key));
    }
    async getPrivateDataHash(collection, key) {
        requireCollection(collection);
        requireKey(key);
        return buffer(await this.#requests.ask(GET_PRIVATE_DATA_HASH, NO_PAGES, collection, key));
    }
    async putPrivateData(collection, key, value) {
        requireCollection(collection);
        requireKey(key);
        if (!value) throw new Error('value must be valid');
        return buffer(await this.#requests.ask(PUT_STATE, NO_PAGES, collection, key, data(value, 'value')));
    }
    async deletePrivateData(collection, key) {
        requireCollection(collection);
        requireKey(key);
        return buffer(await this.#requests.ask(DEL_STATE, NO_PAGES, collection, key));
    }
    async purgePrivateData(collection, key) {
        requireCollection(collection);
        requireKey(key);
        return buffer(await this.#requests.ask(PURGE_PRIVATE_DATA, NO_PAGES, collection, key));
    }
    async setPrivateDataValidationParameter(collection, key, ep) {
        return this.#putPolicy(text(collection, 'collection'), key, ep);
    }
    async getPrivateDataValidationParameter(collection, key) {
        return this.#getPolicy(text(collection, 'collection'), key);
    }
    getPrivateDataByRange(...args) {
        return attempt(() => {
            if (args.length !== 3)
                throw new Error('getPrivateDataByRange requires three arguments, collection, startKey and endKey');
            const [collection, startKey, endKey] = args;
            requireCollection(collection);
            return this.#range(collection, startKey || '\x01', endKey);
        });
    }
    getPrivateDataByPartialCompositeKey(...args) {
        return attempt(() => {
            if (args.length !== 3) {
                throw new Error('getPrivateDataByPartialCompositeKey requires three arguments, collection, ' +
                    'objectType and attributes');
            }
            const [collection, objectType, attributes] = args;
            requireCollection(collection);
            const prefix = this.createCompositeKey(objectType, attributes);
            return this.#range(collection, prefix, prefix + HIGHEST);
        });
    }
    getPrivateDataQueryResult(...args) {
        return attempt(() => {
            if (args.length !== 2)
                throw new Error('getPrivateDataQueryResult requires two arguments, collection and query');
            requireCollection(args[0]);
            return this.#query(...args);
        });
    }
}

// Reads the caller and its certificate when it is asked for them: many transactions never do.
class ClientIdentity {
    #creator;
    #facts;
    constructor(stub) {
        this.stub = stub;
    }
    get #identity() {
        this.#creator ??= this.stub.getCreator() ?? {mspid: '', idBytes: new Buffer(0)};
        return this.#creator;
    }
    get #certificate() {
        this.#facts ??= JSON.parse(host.certificate(this.#identity.idBytes));
        return this.#facts;
    }
    get id() {
        return this.getID();
    }
    get mspId() {
        return this.getMSPID();
    }
    get idBytes() {
        return this.getIDBytes();
    }
    get attrs() {
        return this.#certificate.attributes;
    }
    getID() {
        return this.#certificate.id;
    }
    getMSPID() {
        return this.#identity.mspid;
    }
    getIDBytes() {
        return this.#identity.idBytes;
    }
    getAttributeValue(name) {
        const attributes = this.#certificate.attributes;
        return (Object.hasOwn(attributes, name) && attributes[name]) || null;
    }
    assertAttributeValue(name, value) {
        const attribute = this.getAttributeValue(name);
        return attribute !== null && attribute === value;
    }
}

class KeyEndorsementPolicy {
    constructor(policy) {
        this.orgs = {};
        if (policy) {
            const flat = host.readKeyPolicy(toBytes(policy, 'policy'));
            for (let i = 0; i < flat.length; i += 2) this.orgs[flat[i]] = flat[i + 1];
        }
    }
    getPolicy() {
        return new Buffer(host.keyPolicy(...Object.entries(this.orgs).flat()));
    }
    addOrgs(role, ...orgs) {
        const roles = {MEMBER: 0, PEER: 3};
        if (!Object.hasOwn(roles, role)) throw new Error(`role type ${role} does not exist`);
        for (const org of orgs) this.orgs[org] = roles[role];
    }
    delOrgs(...orgs) {
        for (const org of orgs) delete this.orgs[org];
    }
    listOrgs() {
        return Object.keys(this.orgs);
    }
}

class ChaincodeInterface {
    async Init(stub) {} // eslint-disable-line no-unused-vars
    async Invoke(stub) {} // eslint-disable-line no-unused-vars
}

class Shim {
    static start(chaincode) {
        if (typeof chaincode !== 'object' || chaincode === null) throw new Error('Missing required argument: chaincode');
        for (const method of ['Init', 'Invoke']) {
            if (typeof chaincode[method] !== 'function')
                throw new Error(`The "chaincode" argument must implement the "${method}()" method`);
        }
        builtins.registry().chaincode = chaincode;
        return {close() {}};
    }
    static server(chaincode) {
        return {async start() {
            Shim.start(chaincode);
        }};
    }
    static success(payload) {
        return {status: 200, payload: payload ? payload : Buffer.from('')};
    }
    static error(message) {
        return {status: 500, message};
    }
    static newLogger(name) {
        return loggerNamed(name || 'shim');
    }
}
Object.assign(Shim, {
    Shim, ClientIdentity, Stub: ChaincodeStub, ChaincodeStub, HistoryQueryIterator, StateQueryIterator,
    Iterators: {HistoryQueryIterator, StateQueryIterator}, ChaincodeInterface, KeyEndorsementPolicy,
    RESPONSE_CODE: {OK: 200, ERRORTHRESHOLD: 400, ERROR: 500},
});

Object.assign(builtins, {Requests, ChaincodeStub, ClientIdentity, Shim, Long});
builtins.modules['fabric-shim'] = Shim;
builtins.modules['fabric-shim-api'] = {ChaincodeInterface, ChaincodeStub, ClientIdentity};

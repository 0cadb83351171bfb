'use strict';

const {Contract} = require('fabric-contract-api');
const {refuse, timeOf, callerOf, requireText, requirePageSize, read, write, announce, historyOf} =
    require('./support.js');

const MOST_METADATA = 4096;

class ProofContract extends Contract {
    constructor() {
        super('poe');
    }

    // `hash` is SHA-256 of the document, made where the document is: it never leaves its owner.
    async Register(ctx, hash, title, metadata) {
        const fingerprint = requireHash(hash);
        requireText(title, 'the title', 256);
        const described = requireMetadata(metadata);
        const existing = await read(ctx, proofKey(ctx, fingerprint));
        if (existing !== null) {
            refuse('ALREADY_REGISTERED', `the document was registered at ${existing.registered} by ${existing.registrant}`);
        }
        const owner = callerOf(ctx).name;
        const proof = {
            docType: 'proof', hash: fingerprint, algorithm: 'SHA-256', title, metadata: described, registrant: owner,
            owner, registered: timeOf(ctx), txId: ctx.stub.getTxID(), transfers: 0,
        };
        await write(ctx, proofKey(ctx, fingerprint), proof);
        await ctx.stub.putState(ownerKey(ctx, owner, fingerprint), Buffer.from([0]));
        announce(ctx, 'ProofRegistered', {hash: fingerprint, owner, title});
        return proof;
    }

    // Never fails for a document that nobody knows: that is an answer too.
    async Verify(ctx, hash) {
        const fingerprint = requireHash(hash);
        const proof = await read(ctx, proofKey(ctx, fingerprint));
        if (proof === null) return {hash: fingerprint, registered: false};
        return {
            hash: fingerprint, registered: true, since: proof.registered, title: proof.title, owner: proof.owner,
            registrant: proof.registrant, txId: proof.txId, metadata: proof.metadata,
        };
    }

    async Transfer(ctx, hash, newOwner) {
        const proof = await this._proof(ctx, hash);
        const caller = callerOf(ctx).name;
        if (proof.owner !== caller) refuse('NOT_OWNER', `the document belongs to ${proof.owner}, not to ${caller}`);
        requireOwner(newOwner);
        if (newOwner === proof.owner) refuse('SAME_OWNER', `${newOwner} owns the document already`);
        await ctx.stub.deleteState(ownerKey(ctx, proof.owner, proof.hash));
        proof.owner = newOwner;
        proof.transfers += 1;
        await write(ctx, proofKey(ctx, proof.hash), proof);
        await ctx.stub.putState(ownerKey(ctx, newOwner, proof.hash), Buffer.from([0]));
        announce(ctx, 'ProofTransferred', {hash: proof.hash, from: caller, to: newOwner});
        return proof;
    }

    async GetHistory(ctx, hash) {
        const proof = await this._proof(ctx, hash);
        const versions = await historyOf(ctx, proofKey(ctx, proof.hash));
        return versions.map(({txId, at, value}) => ({txId, at, owner: value === null ? null : value.owner}));
    }

    async ListByOwner(ctx, owner, pageSize, bookmark) {
        requireOwner(owner);
        const {iterator, metadata} = await ctx.stub.getStateByPartialCompositeKeyWithPagination(
            'owner', [owner], requirePageSize(pageSize), bookmark);
        const hashes = [];
        for (let row = await iterator.next(); !row.done; row = await iterator.next()) {
            hashes.push(ctx.stub.splitCompositeKey(row.value.key).attributes[1]);
        }
        await iterator.close();
        return {hashes, bookmark: metadata?.bookmark ?? ''};
    }

    // What others write to transfer a document to the caller.
    async WhoAmI(ctx) {
        return callerOf(ctx).name;
    }

    async _proof(ctx, hash) {
        const fingerprint = requireHash(hash);
        const proof = await read(ctx, proofKey(ctx, fingerprint));
        if (proof === null) refuse('NOT_REGISTERED', `nobody registered the document ${fingerprint}`);
        return proof;
    }
}

function proofKey(ctx, hash) {
    return ctx.stub.createCompositeKey('proof', [hash]);
}

function ownerKey(ctx, owner, hash) {
    return ctx.stub.createCompositeKey('owner', [owner, hash]);
}

function requireHash(hash) {
    if (!/^[0-9a-fA-F]{64}$/.test(hash)) {
        refuse('BAD_HASH', `'${String(hash).slice(0, 80)}' is no SHA-256 in hexadecimal (64 digits)`);
    }
    return hash.toLowerCase();
}

function requireOwner(owner) {
    requireText(owner, 'the owner', 1024);
    if (!/^[^|]+\|x509::.+::.+$/.test(owner)) {
        refuse('BAD_OWNER', `'${owner}' is no identity: the new owner calls WhoAmI and passes on what it says`);
    }
}

// Names with text, numbers or truth values; sorted, so that equal metadata are equal bytes.
function requireMetadata(text) {
    if (text === '') return {};
    if (text.length > MOST_METADATA) refuse('BAD_METADATA', `the metadata have more than ${MOST_METADATA} characters`);
    let parsed;
    try {
        parsed = JSON.parse(text);
    } catch (error) {
        refuse('BAD_METADATA', 'the metadata are no JSON');
    }
    if (parsed === null || typeof parsed !== 'object' || Array.isArray(parsed)) {
        refuse('BAD_METADATA', 'the metadata must be a JSON object');
    }
    const sorted = {};
    for (const name of Object.keys(parsed).sort()) {
        if (!['string', 'number', 'boolean'].includes(typeof parsed[name])) {
            refuse('BAD_METADATA', `'${name}' of the metadata must be text, a number or a truth value`);
        }
        sorted[name] = parsed[name];
    }
    return sorted;
}

module.exports = ProofContract;

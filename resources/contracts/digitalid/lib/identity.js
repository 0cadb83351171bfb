'use strict';

const {createHash} = require('crypto');
const {Contract} = require('fabric-contract-api');
const {refuse, timeOf, callerOf, requireText, requireId, read, write, announce, historyOf} = require('./support.js');

// Personal data never stand in an argument, an answer for strangers, an event or the public state: they come as
// transient data, and lie in this collection.
const COLLECTION = 'personalData';
const TRANSIENT = 'person';
const FIELDS = ['name', 'birthDate', 'nationality', 'documentNumber', 'address'];
const CLAIMS = ['IDENTITY', 'ADDRESS', 'ADULT', 'SANCTIONS'];

class IdentityContract extends Contract {
    constructor() {
        super('digitalid');
    }

    // By the organisation that has seen the person. `holder` is the identity that may show the credential: what WhoAmI
    // says to it. Transient data: person = {name, birthDate, nationality, documentNumber, address?, salt}.
    async Issue(ctx, credentialId, holder, expires) {
        requireId(credentialId, 'the credential');
        requireHolder(holder);
        requireDate(expires, 'the expiry');
        if (expires <= timeOf(ctx).slice(0, 10)) refuse('BAD_DATE', `the expiry ${expires} is not after today`);
        const key = credentialKey(ctx, credentialId);
        if (await read(ctx, key) !== null) refuse('CREDENTIAL_EXISTS', `there is a credential '${credentialId}' already`);
        const {bytes, hash} = personIn(ctx);
        const caller = callerOf(ctx);
        const credential = {
            docType: 'credential', id: credentialId, status: 'ACTIVE', issuer: caller.mspId, holder, dataHash: hash,
            issued: timeOf(ctx), expires, attestations: [], revoked: null,
        };
        await ctx.stub.putPrivateData(COLLECTION, credentialId, bytes);
        await write(ctx, key, credential);
        announce(ctx, 'CredentialIssued', {credential: credentialId, issuer: caller.mspId, expires});
        return credential;
    }

    // Another organisation vouches for one claim, having checked the same data: it passes them as transient data.
    async Attest(ctx, credentialId, claim) {
        const credential = await this._active(ctx, credentialId);
        if (!CLAIMS.includes(claim)) refuse('BAD_CLAIM', `'${claim}' is none of the claims ${CLAIMS.join(', ')}`);
        const caller = callerOf(ctx);
        if (caller.mspId === credential.issuer) {
            refuse('NOT_ALLOWED', `${caller.mspId} issued the credential: another organisation attests it`);
        }
        if (credential.attestations.some((one) => one.by === caller.mspId && one.claim === claim)) {
            refuse('ALREADY_ATTESTED', `${caller.mspId} has attested ${claim} of '${credentialId}' already`);
        }
        requireSamePerson(credential, personIn(ctx).hash);
        const stored = await ctx.stub.getPrivateDataHash(COLLECTION, credentialId);
        if (stored.toString('hex') !== credential.dataHash) {
            refuse('DATA_CHANGED', `the private data of '${credentialId}' are not what was issued`);
        }
        credential.attestations.push({claim, by: caller.mspId, at: timeOf(ctx), txId: ctx.stub.getTxID()});
        await write(ctx, credentialKey(ctx, credentialId), credential);
        announce(ctx, 'CredentialAttested', {credential: credentialId, claim, by: caller.mspId});
        return credential;
    }

    // The holder shows the data to someone, who asks the ledger whether they are what was issued. Changes nothing.
    async Present(ctx, credentialId) {
        const credential = await this._credential(ctx, credentialId);
        const same = personIn(ctx).hash === credential.dataHash;
        const expired = credential.expires <= timeOf(ctx).slice(0, 10);
        const reasons = [];
        if (!same) reasons.push('the data are not those that were issued');
        if (credential.status !== 'ACTIVE') reasons.push(`the credential is ${credential.status}`);
        if (expired) reasons.push(`the credential expired on ${credential.expires}`);
        return {
            credential: credentialId, valid: reasons.length === 0, reasons, issuer: credential.issuer,
            expires: credential.expires,
            attestations: same ? credential.attestations.map(({claim, by, at}) => ({claim, by, at})) : [],
        };
    }

    async Revoke(ctx, credentialId, reason) {
        requireText(reason, 'the reason', 256);
        const credential = await this._active(ctx, credentialId);
        requireIssuer(ctx, credential, 'revokes');
        credential.status = 'REVOKED';
        credential.revoked = {at: timeOf(ctx), reason};
        await write(ctx, credentialKey(ctx, credentialId), credential);
        announce(ctx, 'CredentialRevoked', {credential: credentialId, reason});
        return credential;
    }

    // The right to be forgotten: the data go from all peers for good, with their history. The fingerprint stays, and with
    // the salt gone too it says nothing.
    async Erase(ctx, credentialId) {
        const credential = await this._credential(ctx, credentialId);
        if (callerOf(ctx).name !== credential.holder) requireIssuer(ctx, credential, 'erases');
        if (credential.status === 'ERASED') refuse('WRONG_STATE', `the data of '${credentialId}' were erased already`);
        await ctx.stub.purgePrivateData(COLLECTION, credentialId);
        credential.status = 'ERASED';
        await write(ctx, credentialKey(ctx, credentialId), credential);
        announce(ctx, 'CredentialErased', {credential: credentialId});
        return credential;
    }

    // The data themselves, for the issuer and the holder, at a peer that has the collection.
    async ReadPerson(ctx, credentialId) {
        const credential = await this._credential(ctx, credentialId);
        const caller = callerOf(ctx);
        if (caller.name !== credential.holder && caller.mspId !== credential.issuer) {
            refuse('NOT_ALLOWED', `only the holder and ${credential.issuer} read the data of '${credentialId}'`);
        }
        const bytes = await ctx.stub.getPrivateData(COLLECTION, credentialId);
        if (bytes.length === 0) refuse('NO_DATA', `this peer has no private data of '${credentialId}'`);
        return JSON.parse(bytes.toString());
    }

    async GetCredential(ctx, credentialId) {
        return await this._credential(ctx, credentialId);
    }

    async GetHistory(ctx, credentialId) {
        await this._credential(ctx, credentialId);
        const versions = await historyOf(ctx, credentialKey(ctx, credentialId));
        return versions.map(({txId, at, value}) => ({
            txId, at, status: value?.status ?? null, attestations: value?.attestations.length ?? 0,
        }));
    }

    async WhoAmI(ctx) {
        return callerOf(ctx).name;
    }

    async _credential(ctx, credentialId) {
        requireId(credentialId, 'the credential');
        const credential = await read(ctx, credentialKey(ctx, credentialId));
        if (credential === null) refuse('NO_SUCH_CREDENTIAL', `there is no credential '${credentialId}'`);
        return credential;
    }

    async _active(ctx, credentialId) {
        const credential = await this._credential(ctx, credentialId);
        if (credential.status !== 'ACTIVE') refuse('WRONG_STATE', `credential '${credentialId}' is ${credential.status}`);
        if (credential.expires <= timeOf(ctx).slice(0, 10)) {
            refuse('EXPIRED', `credential '${credentialId}' expired on ${credential.expires}`);
        }
        return credential;
    }
}

function credentialKey(ctx, credentialId) {
    return ctx.stub.createCompositeKey('credential', [credentialId]);
}

function requireIssuer(ctx, credential, does) {
    const {mspId} = callerOf(ctx);
    if (mspId !== credential.issuer) {
        refuse('NOT_ALLOWED', `only ${credential.issuer} ${does} credential '${credential.id}', not ${mspId}`);
    }
}

function requireSamePerson(credential, hash) {
    if (hash !== credential.dataHash) refuse('OTHER_DATA', `these are not the data of credential '${credential.id}'`);
}

function requireHolder(holder) {
    requireText(holder, 'the holder', 1024);
    if (!/^[^|]+\|x509::.+::.+$/.test(holder)) {
        refuse('BAD_HOLDER', `'${holder}' is no identity: the holder calls WhoAmI and passes on what it says`);
    }
}

function requireDate(text, what) {
    const time = Date.parse(`${text}T00:00:00Z`);
    if (!/^\d{4}-\d{2}-\d{2}$/.test(text) || Number.isNaN(time) || !new Date(time).toISOString().startsWith(text)) {
        refuse('BAD_DATE', `${what} '${text}' is no date like 2030-12-31`);
    }
}

// The person of the transient data in the one form that is stored and hashed. Errors name fields, never values.
function personIn(ctx) {
    const given = ctx.stub.getTransient().get(TRANSIENT);
    if (given === undefined || given.length === 0) {
        refuse('MISSING_PERSON', `pass the personal data as transient data with the name '${TRANSIENT}'`);
    }
    let parsed;
    try {
        parsed = JSON.parse(given.toString());
    } catch (error) {
        refuse('BAD_PERSON', 'the personal data are no JSON');
    }
    if (parsed === null || typeof parsed !== 'object' || Array.isArray(parsed)) {
        refuse('BAD_PERSON', 'the personal data must be a JSON object');
    }
    const unknown = Object.keys(parsed).find((name) => name !== 'salt' && !FIELDS.includes(name));
    if (unknown !== undefined) refuse('BAD_PERSON', `the personal data have an unknown field '${unknown}'`);
    const person = {};
    for (const name of FIELDS) {
        const value = parsed[name] ?? '';
        if (typeof value !== 'string' || (value === '' && name !== 'address') || value.length > 256) {
            refuse('BAD_PERSON', `'${name}' of the personal data must be text of 1 to 256 characters`);
        }
        person[name] = value;
    }
    requireDate(person.birthDate, 'birthDate');
    // Names and dates can be guessed; with a salt their hash cannot be tried out.
    if (typeof parsed.salt !== 'string' || !/^[0-9a-f]{32,128}$/.test(parsed.salt)) {
        refuse('BAD_PERSON', "'salt' of the personal data must be 32 to 128 random hexadecimal digits");
    }
    person.salt = parsed.salt;
    const bytes = Buffer.from(JSON.stringify(person));
    return {bytes, hash: createHash('sha256').update(bytes).digest('hex')};
}

module.exports = IdentityContract;

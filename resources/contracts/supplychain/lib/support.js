'use strict';

// A refusal: a code for programs, then a sentence for people.
function refuse(code, sentence) {
    throw new Error(`${code}: ${sentence}`);
}

// When the client made the transaction, as every peer sees it.
function timeOf(ctx) {
    const {seconds, nanos} = ctx.stub.getTxTimestamp();
    return new Date(Number(seconds.toString()) * 1000 + Math.floor(nanos / 1000000)).toISOString();
}

// Who calls: an organisation and the identity in it.
function callerOf(ctx) {
    const mspId = ctx.clientIdentity.getMSPID();
    return {mspId, name: `${mspId}|${ctx.clientIdentity.getID()}`};
}

function requireText(value, what, longest = 128) {
    if (typeof value !== 'string' || value.trim() === '') refuse('MISSING_ARGUMENT', `${what} is missing`);
    if (value.length > longest) refuse('ARGUMENT_TOO_LONG', `${what} has more than ${longest} characters`);
    if (/[\u0000-\u001f\u007f]/.test(value)) refuse('BAD_ARGUMENT', `${what} has control characters`);
    return value;
}

function requireId(value, what) {
    requireText(value, what, 64);
    if (!/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(value)) {
        refuse('BAD_ARGUMENT', `${what} '${value}' may only have letters, digits, '.', '_' and '-'`);
    }
    return value;
}

function requirePageSize(value) {
    const size = Number(value);
    if (!Number.isInteger(size) || size < 1 || size > 1000) {
        refuse('BAD_ARGUMENT', `the page size must be a whole number from 1 to 1000, not '${value}'`);
    }
    return size;
}

async function read(ctx, key) {
    const bytes = await ctx.stub.getState(key);
    return bytes && bytes.length > 0 ? JSON.parse(bytes.toString()) : null;
}

// Members are written in the order in which the object was made, the same on every peer.
async function write(ctx, key, value) {
    await ctx.stub.putState(key, Buffer.from(JSON.stringify(value)));
}

function announce(ctx, name, content) {
    ctx.stub.setEvent(name, Buffer.from(JSON.stringify(content)));
}

async function historyOf(ctx, key) {
    const versions = [];
    for await (const {txId, timestamp, isDelete, value} of ctx.stub.getHistoryForKey(key)) {
        versions.push({
            txId,
            at: new Date(Number(timestamp.seconds.toString()) * 1000 + Math.floor(timestamp.nanos / 1000000)).toISOString(),
            deleted: Boolean(isDelete),
            value: isDelete || value.length === 0 ? null : JSON.parse(value.toString()),
        });
    }
    return versions;
}

module.exports = {refuse, timeOf, callerOf, requireText, requireId, requirePageSize, read, write, announce, historyOf};

'use strict';

const {Contract} = require('fabric-contract-api');
const {parseAmount, parsePositive, formatAmount} = require('./money.js');
const {refuse, timeOf, callerOf, requireText, requireId, requirePageSize, read, write, announce, historyOf} =
    require('./support.js');

const CONFIGURATION = 'wallet.configuration';
const MOST_DIGITS = 30;

class WalletContract extends Contract {
    constructor() {
        super('wallet');
    }

    // --- the wallet itself ------------------------------------------------------------------------------------------

    // Once, by an administrator of the organisation that will issue the money.
    async Initialise(ctx, currency, places) {
        if (!/^[A-Z][A-Z0-9]{1,9}$/.test(currency)) {
            refuse('BAD_ARGUMENT', `the currency '${currency}' must be 2 to 10 capital letters or digits, like EUR`);
        }
        if (!/^[0-8]$/.test(places)) refuse('BAD_ARGUMENT', `the decimal places '${places}' must be a number from 0 to 8`);
        const existing = await read(ctx, CONFIGURATION);
        if (existing !== null) {
            refuse('ALREADY_INITIALISED', `the wallet was set up for ${existing.currency} of ${existing.issuerMsp}`);
        }
        const caller = callerOf(ctx);
        if (!isPrivileged(ctx)) {
            refuse('NOT_ALLOWED', `${caller.name} is no administrator or issuer of ${caller.mspId}`);
        }
        const configuration = {
            docType: 'configuration', issuerMsp: caller.mspId, currency, places: Number(places), since: timeOf(ctx),
        };
        await write(ctx, CONFIGURATION, configuration);
        announce(ctx, 'WalletInitialised', configuration);
        return configuration;
    }

    async GetConfiguration(ctx) {
        return await configurationOf(ctx);
    }

    // --- accounts ---------------------------------------------------------------------------------------------------

    async OpenAccount(ctx, accountId, displayName) {
        const configuration = await configurationOf(ctx);
        requireId(accountId, 'the account');
        requireText(displayName, 'the display name');
        const key = accountKey(ctx, accountId);
        if (await read(ctx, key) !== null) refuse('ACCOUNT_EXISTS', `there is an account '${accountId}' already`);
        const account = {
            docType: 'account', id: accountId, owner: callerOf(ctx).name, displayName, status: 'OPEN',
            balance: formatAmount(0n, configuration.places), points: '0', opened: timeOf(ctx), lastRequest: null,
        };
        await write(ctx, key, account);
        announce(ctx, 'AccountOpened', {account: accountId, owner: account.owner});
        return account;
    }

    async CloseAccount(ctx, accountId) {
        const {account, places} = await ownAccount(ctx, accountId);
        if (parseAmount(account.balance, places) !== 0n) {
            refuse('ACCOUNT_NOT_EMPTY', `account '${accountId}' still has ${account.balance}: withdraw or transfer it first`);
        }
        account.status = 'CLOSED';
        await write(ctx, accountKey(ctx, accountId), account);
        announce(ctx, 'AccountClosed', {account: accountId});
        return account;
    }

    async GetAccount(ctx, accountId) {
        return await accountOf(ctx, accountId);
    }

    async GetHistory(ctx, accountId) {
        await accountOf(ctx, accountId);
        return await historyOf(ctx, accountKey(ctx, accountId));
    }

    async ListAccounts(ctx, pageSize, bookmark) {
        const {iterator, metadata} = await ctx.stub.getStateByPartialCompositeKeyWithPagination(
            'account', [], requirePageSize(pageSize), bookmark);
        const accounts = [];
        for (let row = await iterator.next(); !row.done; row = await iterator.next()) {
            accounts.push(JSON.parse(row.value.value.toString()));
        }
        await iterator.close();
        return {accounts, bookmark: metadata?.bookmark ?? ''};
    }

    // --- money ------------------------------------------------------------------------------------------------------

    async TopUp(ctx, requestId, accountId, amount, reference) {
        const configuration = await issuerOnly(ctx, 'tops up accounts');
        const value = parsePositive(amount, configuration.places);
        const account = await openAccount(ctx, accountId);
        requireText(reference, 'the reference', 256);
        await once(ctx, requestId);
        return await this._change(ctx, account, value, configuration.places, 'ToppedUp', {requestId, reference});
    }

    async Withdraw(ctx, requestId, accountId, amount, reference) {
        const {account, places, currency} = await ownAccount(ctx, accountId);
        const value = parsePositive(amount, places);
        requireText(reference, 'the reference', 256);
        await once(ctx, requestId);
        requireFunds(account, value, places, currency);
        return await this._change(ctx, account, -value, places, 'Withdrawn', {requestId, reference});
    }

    async Transfer(ctx, requestId, fromId, toId, amount, note) {
        if (fromId === toId) refuse('SAME_ACCOUNT', `account '${fromId}' cannot transfer to itself`);
        const {account: from, places, currency} = await ownAccount(ctx, fromId);
        const to = await openAccount(ctx, toId);
        const value = parsePositive(amount, places);
        if (note !== '') requireText(note, 'the note', 256);
        await once(ctx, requestId);
        requireFunds(from, value, places, currency);
        const later = formatAmount(parseAmount(to.balance, places) + value, places);
        requireRoom(later, toId);
        from.balance = formatAmount(parseAmount(from.balance, places) - value, places);
        to.balance = later;
        from.lastRequest = requestId;
        to.lastRequest = requestId;
        await write(ctx, accountKey(ctx, fromId), from);
        await write(ctx, accountKey(ctx, toId), to);
        const receipt = {
            requestId, from: fromId, to: toId, amount: formatAmount(value, places), currency, note, at: timeOf(ctx),
        };
        announce(ctx, 'Transferred', receipt);
        return receipt;
    }

    async _change(ctx, account, value, places, event, details) {
        account.balance = formatAmount(parseAmount(account.balance, places) + value, places);
        requireRoom(account.balance, account.id);
        account.lastRequest = details.requestId;
        await write(ctx, accountKey(ctx, account.id), account);
        announce(ctx, event, {
            ...details, account: account.id, amount: formatAmount(value < 0n ? -value : value, places),
            balance: account.balance, at: timeOf(ctx),
        });
        return account;
    }

    // --- loyalty points ---------------------------------------------------------------------------------------------

    async EarnPoints(ctx, requestId, accountId, points, reason) {
        await issuerOnly(ctx, 'gives points');
        const value = parsePositive(points, 0, 'the number of points');
        const account = await openAccount(ctx, accountId);
        requireText(reason, 'the reason', 256);
        await once(ctx, requestId);
        return await this._changePoints(ctx, account, value, 'PointsEarned', {requestId, reason});
    }

    async RedeemPoints(ctx, requestId, accountId, points, reason) {
        const {account} = await ownAccount(ctx, accountId);
        const value = parsePositive(points, 0, 'the number of points');
        requireText(reason, 'the reason', 256);
        await once(ctx, requestId);
        if (BigInt(account.points) < value) {
            refuse('NOT_ENOUGH_POINTS', `account '${accountId}' has ${account.points} points, ${points} are needed`);
        }
        return await this._changePoints(ctx, account, -value, 'PointsRedeemed', {requestId, reason});
    }

    async _changePoints(ctx, account, value, event, details) {
        account.points = (BigInt(account.points) + value).toString();
        requireRoom(account.points, account.id);
        account.lastRequest = details.requestId;
        await write(ctx, accountKey(ctx, account.id), account);
        announce(ctx, event, {
            ...details, account: account.id, points: (value < 0n ? -value : value).toString(),
            total: account.points, at: timeOf(ctx),
        });
        return account;
    }
}

function accountKey(ctx, accountId) {
    return ctx.stub.createCompositeKey('account', [accountId]);
}

async function configurationOf(ctx) {
    const configuration = await read(ctx, CONFIGURATION);
    if (configuration === null) refuse('NOT_INITIALISED', 'the wallet was not set up: an administrator calls Initialise first');
    return configuration;
}

async function accountOf(ctx, accountId) {
    requireId(accountId, 'the account');
    const account = await read(ctx, accountKey(ctx, accountId));
    if (account === null) refuse('NO_SUCH_ACCOUNT', `there is no account '${accountId}'`);
    return account;
}

async function openAccount(ctx, accountId) {
    const account = await accountOf(ctx, accountId);
    if (account.status !== 'OPEN') refuse('ACCOUNT_CLOSED', `account '${accountId}' is closed`);
    return account;
}

async function ownAccount(ctx, accountId) {
    const {places, currency} = await configurationOf(ctx);
    const account = await openAccount(ctx, accountId);
    const caller = callerOf(ctx).name;
    if (account.owner !== caller) refuse('NOT_OWNER', `account '${accountId}' belongs to ${account.owner}, not to ${caller}`);
    return {account, places, currency};
}

// Administrators by their organisation unit, other issuers by an attribute that their CA put into the certificate.
function isPrivileged(ctx) {
    const subject = ctx.clientIdentity.getID().split('::')[1] ?? '';
    return ctx.clientIdentity.assertAttributeValue('wallet.role', 'issuer') || `${subject}/`.includes('/OU=admin/');
}

async function issuerOnly(ctx, does) {
    const configuration = await configurationOf(ctx);
    const caller = callerOf(ctx);
    if (caller.mspId !== configuration.issuerMsp || !isPrivileged(ctx)) {
        refuse('NOT_ISSUER', `only an issuer of ${configuration.issuerMsp} ${does}, not ${caller.name}`);
    }
    return configuration;
}

// A request id counts once per caller: a client that repeats itself does not pay twice.
async function once(ctx, requestId) {
    requireId(requestId, 'the request id');
    const key = ctx.stub.createCompositeKey('request', [callerOf(ctx).name, requestId]);
    const done = await read(ctx, key);
    if (done !== null) refuse('REPLAYED_REQUEST', `request '${requestId}' was carried out by transaction ${done.txId}`);
    await write(ctx, key, {docType: 'request', txId: ctx.stub.getTxID(), at: timeOf(ctx)});
}

function requireFunds(account, value, places, currency) {
    if (parseAmount(account.balance, places) < value) {
        refuse('INSUFFICIENT_FUNDS', `account '${account.id}' has ${account.balance} ${currency}, ` +
            `${formatAmount(value, places)} ${currency} are needed`);
    }
}

function requireRoom(amount, accountId) {
    if (amount.split('.')[0].length > MOST_DIGITS) refuse('BAD_AMOUNT', `account '${accountId}' cannot hold that much`);
}

module.exports = WalletContract;

'use strict';

const { Contract } = require('fabric-contract-api');

/** Asks for a little of everything that a contract may ask its peer for. */
class AssetsContract extends Contract {
    async Create(ctx, id, value) {
        if ((await ctx.stub.getState(id)).length > 0) throw new Error(`${id} exists`);
        await ctx.stub.putState(id, asset(id, value));
        ctx.stub.setEvent('Created', asset(id, value));
        return id;
    }

    async Update(ctx, id, value) {
        await existing(ctx, id);
        await ctx.stub.putState(id, asset(id, value));
        return value;
    }

    async Delete(ctx, id) {
        await existing(ctx, id);
        await ctx.stub.deleteState(id);
    }

    async Read(ctx, id) {
        return (await existing(ctx, id)).toString();
    }

    async Range(ctx, start, end) {
        const keys = [];
        for await (const row of ctx.stub.getStateByRange(start, end)) keys.push(row.key);
        return JSON.stringify(keys);
    }

    async Query(ctx, value) {
        const keys = [];
        const query = JSON.stringify({ selector: { value } });
        for await (const row of ctx.stub.getQueryResult(query)) keys.push(row.key);
        return JSON.stringify(keys.sort());
    }

    async History(ctx, id) {
        const values = [];
        for await (const change of ctx.stub.getHistoryForKey(id))
            values.push(change.isDelete ? null : JSON.parse(change.value.toString()).value);
        return JSON.stringify(values);
    }

    async CreateSecret(ctx, id) {
        const secret = ctx.stub.getTransient().get('secret');
        await ctx.stub.putPrivateData('_implicit_org_Org1MSP', id, secret);
    }

    async ReadSecret(ctx, id) {
        return (await ctx.stub.getPrivateData('_implicit_org_Org1MSP', id)).toString();
    }

    async HashOfSecret(ctx, id) {
        const hash = await ctx.stub.getPrivateDataHash('_implicit_org_Org1MSP', id);
        return Buffer.from(hash).toString('hex');
    }

    async Whoami(ctx) {
        const text = ctx.clientIdentity.getID();
        return JSON.stringify([ctx.clientIdentity.getMSPID(), text.match(/CN=([^:/]*)/)[1]]);
    }

    async Ask(ctx, contract, args) {
        const answer = await ctx.stub.invokeChaincode(contract, JSON.parse(args), '');
        return answer.payload.toString();
    }

    async Refuse(ctx, why) {
        throw new Error(`refused: ${why}`);
    }
}

function asset(id, value) {
    return Buffer.from(JSON.stringify({ id, value }));
}

async function existing(ctx, id) {
    const value = await ctx.stub.getState(id);
    if (value.length === 0) throw new Error(`${id} does not exist`);
    return value;
}

module.exports.contracts = [AssetsContract];

'use strict';

const { Contract } = require('fabric-contract-api');

/** Keys and values, for tests of whole networks. */
class KeysContract extends Contract {
    async put(ctx, key, value) {
        await ctx.stub.putState(key, Buffer.from(value));
        return key;
    }

    async append(ctx, key, value) {
        const before = await ctx.stub.getState(key);
        await ctx.stub.putState(key, Buffer.from(before.toString().slice(-100) + value));
    }

    async get(ctx, key) {
        const value = await ctx.stub.getState(key);
        return value.toString();
    }
}

module.exports.contracts = [KeysContract];

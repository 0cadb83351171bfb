#pragma once

#include <string>

#include "tests/support/FakePeer.h"

namespace chancery::test {

/// A contract whose only function runs the text that it is given, as the body of an async function
/// with `ctx` and `stub`; what comes of it is answered as JSON.
inline std::map<std::string, Bytes> evalFiles() {
    return {{"package.json", R"({"name": "eval", "version": "1.2.3", "main": "index.js"})"},
            {"index.js", R"(
const {Contract} = require('fabric-contract-api');
const Body = Object.getPrototypeOf(async function () {}).constructor;
class Eval extends Contract {
    constructor() { super('eval'); }
    async Run(ctx, code) {
        const result = await new Body('ctx', 'stub', 'require', code)(ctx, ctx.stub, require);
        return result === undefined ? 'undefined' : JSON.stringify(result);
    }
}
module.exports.contracts = [Eval];
)"}};
}

/// Answer of the contract to a text, or "error: …".
inline std::string runText(FakePeer& peer, const std::string& code, const Person* by = nullptr) {
    const ContractOutcome outcome = peer.invoke({.args = {"Run", code}, .by = by});
    return outcome.ok() ? outcome.payload : "error: " + outcome.message;
}

}  // namespace chancery::test

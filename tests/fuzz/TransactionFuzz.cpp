// An envelope taken apart by hand-written decoders, held against generated protobuf classes; and
// the messages that clients and endorsers exchange before.
#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "src/protocol/Proposal.h"
#include "src/protocol/ProposalResponse.h"
#include "src/protocol/Transaction.h"
#include "src/protocol/TransactionBuilder.h"
#include "tests/src/protocol/ProtobufReading.cpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace chancery;
    using namespace chancery::protocol;
    const SharedBytes bytes(Bytes(reinterpret_cast<const char*>(data), size));
    const Transaction transaction = Transaction::decode(bytes);
    const std::string difference = test::disagreement(transaction);
    if (!difference.empty()) {
        std::fprintf(stderr, "%s\n", difference.c_str());
        std::abort();
    }
    (void)transaction.function();
    for (const TransactionAction& action : transaction.actions)
        (void)transaction.recomputedProposalHash(action);
    if (const auto proposal = unpackProposal(bytes); proposal.ok() && proposal->chaincode.empty())
        std::abort();
    if (const auto response = decodeProposalResponse(bytes); response.ok()) {
        const auto assembled = assembleTransaction(bytes.view(), std::vector{*response});
        (void)assembled.ok();
    }
    return 0;
}

#include "src/cli/ValidationText.h"

namespace chancery::cli {
namespace {

struct Row {
    int code;
    ValidationText text;
};

constexpr Row kRows[] = {
    {0, {"valid", "All checks passed, and its writes are part of the ledger's state."}},
    {1, {"empty envelope", "The block has no bytes where this transaction should be."}},
    {2, {"payload unreadable", "The signed content of the envelope is not what it should be."}},
    {3,
     {"header incomplete",
      "The header lacks something that every transaction needs, such as a creator, a nonce or a "
      "known type."}},
    {4,
     {"sender not proven",
      "The sender is not a valid member of an organisation of the channel, or did not sign this "
      "content."}},
    {5,
     {"transaction malformed",
      "A part of the endorsed proposal cannot be read or does not belong to the rest."}},
    {6, {"configuration unreadable", "A configuration transaction has no usable content."}},
    {7, {"kind not allowed in a block", "Transactions of this kind are not committed by peers."}},
    {8,
     {"wrong transaction id",
      "The id is not the one that follows from sender and nonce, so it could be a copy of another "
      "transaction."}},
    {9,
     {"duplicate",
      "A transaction with this id is already in the ledger; only the first one counts."}},
    {10,
     {"not enough endorsements",
      "The organisations that must endorse this change did not all do so."}},
    {11,
     {"read a key that had changed",
      "Between endorsement and commit another transaction changed a key that this one had read."}},
    {12,
     {"a queried range had changed",
      "Between endorsement and commit keys appeared, changed or vanished in a range that this "
      "transaction had queried."}},
    {13, {"unknown kind", "The type of the transaction is not one that peers know."}},
    {14, {"for another channel", "The transaction names a channel that the peer does not have."}},
    {15, {"cannot be written", "The peer could not write the transaction in its own form."}},
    {16, {"without content", "The transaction has no action in it."}},
    {17, {"contract expired", "The contract was upgraded after the transaction was endorsed."}},
    {18,
     {"other contract version",
      "It was endorsed by another version of the contract than the one in force."}},
    {19,
     {"header extension unreadable",
      "The part of the header that names the contract cannot be read."}},
    {20,
     {"channel header unreadable",
      "The part of the header that names channel and type cannot be read."}},
    {21, {"endorsed response unreadable", "What the endorsers signed cannot be read."}},
    {22,
     {"read and write set unreadable", "The list of what was read and written cannot be read."}},
    {23,
     {"contract named twice",
      "The list of reads and writes names the same contract more than once."}},
    {24, {"write not allowed", "A key or value is not allowed by the peer's database."}},
    {25,
     {"contract unknown",
      "The contract is not defined on the channel, or the transaction names it in two ways."}},
    {254, {"not judged yet", "No peer has validated this transaction."}},
    {255,
     {"refused", "The peer refused the transaction for a reason that has no name of its own."}},
};

}  // namespace

ValidationText describeValidationCode(int code) {
    for (const Row& row : kRows)
        if (row.code == code) return row.text;
    return {"unknown verdict", "The block records a verdict that this program does not know."};
}

}  // namespace chancery::cli

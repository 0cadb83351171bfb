#include "src/cli/TransactionTable.h"

#include "src/cli/Values.h"

namespace chancery::cli {
namespace {

Text verdictOf(const std::optional<usecase::RecordedCode>& code) {
    if (!code) return quiet("not judged");
    return code->valid() ? good("✓ valid") : bad("✗ " + code->name);
}

}  // namespace

void printTransactions(Printer& out, const std::vector<usecase::TransactionSummary>& transactions) {
    Table table({{"Block/tx"},
                 {"Time (UTC)"},
                 {"Call", Align::Left, Fit::CutEnd, 14},
                 {"Sent by", Align::Left, Fit::CutEnd, 14},
                 {"Verdict of the peers", Align::Left, Fit::CutEnd, 12},
                 {"Id", Align::Left, Fit::Id, 13}});
    for (const usecase::TransactionSummary& transaction : transactions) {
        const std::string call = transaction.contract.empty() ? transaction.type
                                 : transaction.function.empty()
                                     ? transaction.contract
                                     : transaction.contract + "." + transaction.function;
        table.row({shortPlace({transaction.block, transaction.index}), utc(transaction.time), call,
                   transaction.creator ? Text(shortNameOf(*transaction.creator)) : Text(),
                   verdictOf(transaction.code), transaction.txId});
    }
    out.table(table);
}

}  // namespace chancery::cli

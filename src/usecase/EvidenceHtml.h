#pragma once

#include <string>
#include <vector>

#include "src/usecase/EvidenceContent.h"
#include "src/usecase/ExportEvidence.h"

namespace chancery::usecase {

struct EvidenceHtmlInput {
    const EvidenceContent& content;
    /// As the whole ledger tells the same transactions.
    const std::vector<TransactionDescription>& ledger;
    EvidenceLanguage language = EvidenceLanguage::English;
    SayInLanguage say = {};
    std::string madeBy, madeAt;
};

/// The report for people: one page without scripts, links or outside parts. Everything that stands
/// in the ledger is made printable and escaped.
std::string evidenceHtml(const EvidenceHtmlInput& input);

/// Text in HTML: escaped, and what does not print or could mislead written \xNN or \u{N}.
std::string htmlText(BytesView text, std::size_t maxBytes = 4096);

}  // namespace chancery::usecase

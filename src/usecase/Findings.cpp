#include "src/usecase/Findings.h"

namespace chancery::usecase {
namespace {

using Severity = LedgerFinding::Severity;

Severity severityOf(verify::Severity severity) {
    switch (severity) {
        case verify::Severity::Note:
            return Severity::Note;
        case verify::Severity::Warning:
            return Severity::Warning;
        case verify::Severity::Error:
            break;
    }
    return Severity::Error;
}

}  // namespace

LedgerFinding describe(const verify::Finding& finding) {
    LedgerFinding description{.severity = severityOf(finding.severity),
                              .reason = finding.reason,
                              .sentence = finding.sentence,
                              .arguments = finding.arguments,
                              .block = finding.block,
                              .transaction = finding.transaction,
                              .txId = finding.txId.str(),
                              .file = finding.file};
    if (finding.bytes) description.bytes = {finding.bytes->begin, finding.bytes->end};
    if (finding.cause) description.cause = told(*finding.cause);
    return description;
}

}  // namespace chancery::usecase

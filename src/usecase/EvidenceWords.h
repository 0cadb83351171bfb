#pragma once

#include <string_view>

#include "src/usecase/ExportEvidence.h"

namespace chancery::usecase {

/// The words of the report in a language, found by the English ones. What is not known stays
/// English: sentences about policies and causes come from below in that language.
std::string_view evidenceWord(EvidenceLanguage language, std::string_view english);

/// Whether every fixed word has its Chinese form; for tests.
bool hasChinese(std::string_view english);

}  // namespace chancery::usecase

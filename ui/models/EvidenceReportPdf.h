#pragma once

#include <string>

#include "src/base/Bytes.h"
#include "src/base/Status.h"

namespace chancery::ui {

/// The report of an evidence pack as PDF/A-1b pages in A4, with fonts that have Chinese. Takes a
/// while; any thread. Nothing is loaded: references to files and networks in the text stay empty.
Result<Bytes> evidenceReportPdf(const std::string& html, const std::string& title);

}  // namespace chancery::ui

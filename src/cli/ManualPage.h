#pragma once

#include <string>
#include <vector>

#include "src/cli/Session.h"

namespace chancery::cli {

/// Name of a file and its text in roff.
struct ManualPage {
    std::string name;  ///< "chanceryctl-cert-renew.1"
    std::string text;
};

/// The pages of the program and of each command, made of what "--help" says, for man(1).
/// `version` stands in their foot.
std::vector<ManualPage> manualPages(const std::vector<CommandEntry>& commands,
                                    const std::string& version);

}  // namespace chancery::cli

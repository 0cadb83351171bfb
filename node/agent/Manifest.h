#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "node/agent/Plan.h"

namespace chancery::agent {

/// What the agent remembers of an applied plan: everything but the files' content.
struct Manifest {
    struct File {
        std::string sha256;  ///< of the content, hex
        bool isSecret = false;
        friend bool operator==(const File&, const File&) = default;
    };
    NodeName name;
    std::string kind;
    std::string engine;
    std::string version;  ///< as planned or upgraded to; empty: the newest
    std::map<std::string, std::string> endpoints;
    std::map<std::string, std::string> labels;
    bool startsWithAgent = true;
    std::map<std::string, File> files;
    std::string planSha256;  ///< of the stored plan that this was made of
    friend bool operator==(const Manifest&, const Manifest&) = default;
};

Manifest manifestOf(const Plan& plan);
std::string toJson(const Manifest& manifest);
/// DATA_LOSS (MANIFEST_DAMAGED).
Result<Manifest> manifestFromJson(const std::string& text);

/// How a node's last run ended.
struct LastExit {
    absl::Time when;
    std::string sentence;
    bool isExpected = false;
    std::vector<std::string> lastLines;
};

/// What changes while a node lives, kept over restarts of the agent.
struct Remembered {
    bool isWanted = false;  ///< somebody started it and nobody stopped it
    std::optional<LastExit> lastExit;
};
std::string toJson(const Remembered& remembered);
/// What cannot be read is forgotten.
Remembered rememberedFromJson(const std::string& text);

}  // namespace chancery::agent

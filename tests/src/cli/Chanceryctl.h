#pragma once

#include <QProcess>
#include <QTest>
#include <nlohmann/json.hpp>
#include <string>

namespace chancery::test {

/// What one run of the real program gave.
struct Run {
    int exitCode = -1;
    std::string out;
    std::string err;

    nlohmann::json json() const { return nlohmann::json::parse(out, nullptr, false); }
    /// For a failed check.
    std::string told() const { return std::to_string(exitCode) + "\n" + out + err; }
};

/// Runs build/bin/chanceryctl in the root of the checkout (so that paths are those of the help) or
/// in `folder`, without a terminal and without COLUMNS, NO_COLOR and TERM of the person who runs
/// the tests.
Run chanceryctl(const QStringList& arguments, const QString& folder = CHANCERY_SOURCE,
                const QStringList& environment = {});

/// The same through a shell, for command lines as help shows them. `chanceryctl` is on its path.
Run shell(const QString& commandLine, const QString& folder, const QStringList& environment = {});

/// Of the vectors, as the paths in help: from the root of the checkout.
inline const QString kVectors = "tests/data/vectors/";

/// Whether the text holds a byte that could steer a terminal or mislead a reader: controls but line
/// breaks and indents, C1 controls, bidirectional marks, malformed UTF-8.
bool misleads(const std::string& text);

}  // namespace chancery::test

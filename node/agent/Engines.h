#pragma once

#include <filesystem>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "src/base/Status.h"

namespace chancery::agent {

inline constexpr const char* kBuiltin = "builtin";
inline constexpr const char* kFabric = "fabric";

/// Programs that this host can run nodes with. Nothing is ever downloaded.
struct EnginePlaces {
    std::filesystem::path programs;  ///< folder of chancery-node, of this very version
    std::filesystem::path others;    ///< folders with other versions of it; may be empty
    std::filesystem::path fabric;    ///< peer and orderer, or folders with them; may be empty
};

struct FoundEngine {
    std::string name;
    std::string version;
    std::filesystem::path folder;
    std::string problem;  ///< empty: it can be used
};

/// Looks for engines whenever it is asked; a program is only run when it is another one than the
/// last time. Thread-safe.
class Engines {
public:
    explicit Engines(EnginePlaces places) : m_places(std::move(places)) {}

    /// Newest versions first.
    std::vector<FoundEngine> list();
    /// The program of a kind of node. FAILED_PRECONDITION (ENGINE_MISSING), NOT_FOUND
    /// (VERSION_NOT_FOUND); an empty version is the newest.
    Result<std::filesystem::path> program(const std::string& engine, const std::string& version,
                                          const std::string& kind);
    /// As above, for the version that it would be.
    Result<FoundEngine> find(const std::string& engine, const std::string& version);

private:
    struct Known {
        std::filesystem::file_time_type changed;
        std::string version;  ///< empty: it did not say
    };
    std::string versionOf(const std::filesystem::path& program);

    const EnginePlaces m_places;
    std::mutex m_mutex;
    std::map<std::filesystem::path, Known> m_known;
};

/// Whether version `a` is older: by their numbers, then by their letters.
bool isOlder(const std::string& a, const std::string& b);
/// From what `chancery-node --version` or `peer version` prints; empty: not understood.
std::string versionIn(const std::vector<std::string>& lines);

}  // namespace chancery::agent

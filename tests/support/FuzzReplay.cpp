// Runs a fuzz target without libFuzzer over stored inputs, so that every compiler and every run of
// the tests replays what a fuzzer once found, and over floods: as large as a fuzzer makes inputs,
// and nothing but elements that are much smaller than what they become. Fails when an input lets
// the process grow by more than the cap.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/FuzzTargets.h"
#include "tests/support/PeakMemory.h"

namespace {

constexpr long kMaxGrowthKiB = 64 * 1024;
constexpr std::size_t kFloodBytes = 1 << 20;  // libFuzzer makes no longer inputs by itself

struct Input {
    std::string name;
    std::string bytes;
};

std::vector<Input> storedInputs(int count, char** paths) {
    std::vector<std::filesystem::path> found;
    for (int i = 0; i < count; ++i) {
        if (!std::filesystem::is_directory(paths[i])) {
            found.emplace_back(paths[i]);
            continue;
        }
        for (const auto& entry : std::filesystem::directory_iterator(paths[i]))
            if (entry.is_regular_file()) found.push_back(entry.path());
    }
    std::sort(found.begin(), found.end());
    std::vector<Input> inputs;
    for (const auto& path : found) {
        std::ifstream in(path, std::ios::binary);
        inputs.push_back({path.string(), {std::istreambuf_iterator<char>(in), {}}});
    }
    return inputs;
}

std::string flood(std::string_view piece, std::size_t size) {
    std::string all;
    all.reserve(size + piece.size());
    while (all.size() < size) all += piece;
    return all;
}

// A field of protobuf with a length; numbers below 16.
std::string field(int number, std::string_view content) {
    std::string out(1, static_cast<char>(number << 3 | 2));
    std::size_t length = content.size();
    for (; length >= 0x80; length >>= 7) out.push_back(static_cast<char>(length | 0x80));
    out.push_back(static_cast<char>(length));
    return out.append(content);
}

// A block of transactions whose read/write sets hold nothing but empty namespaces.
std::string blockFlood(std::size_t transactions) {
    const std::string namespaces = flood(field(2, ""), kFloodBytes / transactions);
    const std::string action = field(2, field(1, field(2, field(1, namespaces))));
    const std::string signer = field(1, "c") + field(2, "n");
    const std::string channel =
        "\x08\x03" + field(4, "tradechannel") + field(7, field(2, field(2, "assets")));
    const std::string payload = field(1, field(1, channel) + field(2, signer)) +
                                field(2, field(1, field(1, signer) + action));
    std::string data;
    for (std::size_t i = 0; i < transactions; ++i)
        data += field(1, field(1, payload) + field(2, "s"));
    return field(1, "\x08\x05") + field(2, data) + field(3, field(1, ""));
}

std::vector<Input> floods(const std::vector<Input>& stored) {
    std::vector<Input> all;
    for (const std::string_view piece :
         {"(", "OR(", "[0,", "[", "{}", "{\"a\":", "0,", "\n", "'A.member',", "\x30\x80"})
        all.push_back({"flood of " + std::string(piece), flood(piece, kFloodBytes)});
    for (int inner = 1; inner <= 6; ++inner) {
        const std::string empty = flood(field(inner, ""), kFloodBytes);
        const std::string name = "empty fields " + std::to_string(inner);
        all.push_back({name, empty});
        // Behind a good input they are more of the same message.
        if (!stored.empty())
            all.push_back({name + " behind a good input", stored.back().bytes + empty});
        for (int outer = 1; outer <= 3; ++outer)
            all.push_back({name + " in field " + std::to_string(outer), field(outer, empty)});
    }
    for (const std::size_t transactions : {8U, 400U, 2000U})
        all.push_back({std::to_string(transactions) + " transactions of empty namespaces",
                       blockFlood(transactions)});
    return all;
}

// Whether the process stayed below the cap.
bool replay(chancery::test::FuzzTarget target, const Input& input) {
    const chancery::test::PeakMemory memory;
    target(reinterpret_cast<const std::uint8_t*>(input.bytes.data()), input.bytes.size());
    const long growth = memory.growthKiB();
    if (!chancery::test::PeakMemory::isTold() || growth <= kMaxGrowthKiB) return true;
    std::fprintf(stderr, "%s: grew by %ld KiB\n", input.name.c_str(), growth);
    return false;
}

}  // namespace

int main(int argc, char** argv) {
    const auto& targets = chancery::test::fuzzTargets();
    const auto found = argc < 2 ? targets.end() : targets.find(argv[1]);
    if (found == targets.end()) {
        std::fprintf(stderr, "usage: fuzz_replays TARGET FOLDER_OR_FILE...\n");
        return 2;
    }
    const chancery::test::FuzzTarget target = found->second;
    std::vector<Input> inputs = storedInputs(argc - 2, argv + 2);
    if (inputs.empty()) {
        std::fprintf(stderr, "no stored inputs\n");
        return 2;
    }
    const std::size_t stored = inputs.size();
    if (chancery::test::PeakMemory::isTold())
        for (Input& made : floods(inputs)) inputs.push_back(std::move(made));
    target(nullptr, 0);  // one-time set-up is not an input's growth
    std::size_t over = 0;
    for (const Input& input : inputs)
        if (!replay(target, input)) ++over;
    std::printf("%zu stored inputs and %zu floods, %zu over the memory cap\n", stored,
                inputs.size() - stored, over);
    return over == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

#include "src/usecase/MspBundleWords.h"

#include <algorithm>

namespace chancery::usecase {
namespace {

constexpr std::size_t kWordsOfFingerprint = 12;

constexpr std::array<std::string_view, 256> kFingerprintWords{
    "acorn",       "admiral",   "afternoon",  "album",      "alcove",      "almond",    "amber",
    "anchor",      "antelope",  "apricot",    "arena",      "artist",      "asphalt",   "athlete",
    "attic",       "autumn",    "avocado",    "bakery",     "balcony",     "bamboo",    "banjo",
    "barometer",   "bathtub",   "beaver",     "bedroom",    "bicycle",     "blueprint", "bonfire",
    "boulder",     "bracelet",  "broccoli",   "bubble",     "bulldozer",   "cabbage",   "cactus",
    "calendar",    "campfire",  "candle",     "canyon",     "caramel",     "cargo",     "cashew",
    "caterpillar", "cathedral", "chairman",   "chapel",     "cherry",      "chipmunk",  "chocolate",
    "cider",       "citizen",   "clarinet",   "cobra",      "coconut",     "coffee",    "compass",
    "concert",     "corridor",  "cricket",    "crocodile",  "cupboard",    "custard",   "cyclone",
    "dairy",       "dandelion", "decade",     "dentist",    "diamond",     "dinosaur",  "dolphin",
    "domino",      "doorbell",  "dragon",     "drummer",    "dungeon",     "eagle",     "earring",
    "eggplant",    "elbow",     "elevator",   "emerald",    "emperor",     "evening",   "explorer",
    "fabric",      "family",    "farmer",     "feather",    "fiddle",      "finger",    "flamingo",
    "flannel",     "football",  "fountain",   "foxglove",   "freckle",     "furnace",   "gadget",
    "galaxy",      "garden",    "gazelle",    "glacier",    "goggles",     "goldfish",  "granite",
    "grapefruit",  "gravel",    "gymnast",    "hamster",    "harmonica",   "harvest",   "hazelnut",
    "helicopter",  "heron",     "hexagon",    "horizon",    "hospital",    "igloo",     "insect",
    "island",      "jaguar",    "jasmine",    "javelin",    "journal",     "juggler",   "juniper",
    "kennel",      "kingdom",   "labyrinth",  "ladder",     "lagoon",      "lasagne",   "laundry",
    "lavender",    "lettuce",   "library",    "lifeboat",   "lilac",       "limousine", "lobster",
    "locket",      "lullaby",   "magnet",     "mandolin",   "marathon",    "meadow",    "mercury",
    "microscope",  "mirror",    "mitten",     "monday",     "monument",    "morning",   "mosquito",
    "muffin",      "museum",    "narwhal",    "necklace",   "nightingale", "noodle",    "notebook",
    "nursery",     "nutmeg",    "oatmeal",    "olive",      "omelette",    "opera",     "orchard",
    "organ",       "ostrich",   "oxygen",     "pajamas",    "panther",     "papaya",    "parachute",
    "passport",    "peacock",   "pelican",    "penguin",    "pepper",      "pickle",    "pigeon",
    "pillow",      "planet",    "platinum",   "popcorn",    "potato",      "pretzel",   "propeller",
    "pudding",     "pumpkin",   "quartz",     "quilt",      "rabbit",      "radar",     "radish",
    "railway",     "raspberry", "reptile",    "rosemary",   "rubber",      "rucksack",  "sailor",
    "salad",       "sapphire",  "saxophone",  "scarecrow",  "scorpion",    "seashell",  "september",
    "shovel",      "silver",    "skeleton",   "soldier",    "spaghetti",   "spinach",   "stadium",
    "starfish",    "stocking",  "strawberry", "submarine",  "sunflower",   "swallow",   "sweater",
    "tambourine",  "tangerine", "teacup",     "temple",     "tennis",      "thistle",   "thunder",
    "tornado",     "tractor",   "treasure",   "triangle",   "trumpet",     "tulip",     "twilight",
    "typewriter",  "ukulele",   "unicorn",    "university", "vacuum",      "vanilla",   "velvet",
    "vessel",      "vinegar",   "violin",     "voyage",     "vulture",     "waffle",    "warehouse",
    "weekend",     "window",    "workshop",   "zeppelin"};

/// Lower case, single spaces.
std::string plainWords(std::string_view text) {
    std::string out;
    for (const char c : text) {
        const bool isSeparator = c == ' ' || c == '\t' || c == '\n' || c == ',' || c == '-';
        if (isSeparator && (out.empty() || out.back() == ' ')) continue;
        out += isSeparator ? ' ' : c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
    if (!out.empty() && out.back() == ' ') out.pop_back();
    return out;
}

}  // namespace

const std::array<std::string_view, 256>& fingerprintWordList() {
    return kFingerprintWords;
}

std::string fingerprintWords(BytesView digest) {
    std::string words;
    for (const char byte : digest.substr(0, std::min(kWordsOfFingerprint, digest.size()))) {
        if (!words.empty()) words += ' ';
        words += kFingerprintWords[static_cast<unsigned char>(byte)];
    }
    return words;
}

bool sameWords(std::string_view told, std::string_view words) {
    return !words.empty() && plainWords(told) == plainWords(words);
}

}  // namespace chancery::usecase

// Replays a seed corpus, and fixed mutations of it, through a fuzz harness without libFuzzer.
//
// This keeps every harness compiled and exercised by the normal build and any compiler; the
// coverage-guided search is `make fuzz`. The same build gives the same inputs on every run and
// machine, so a failure can be repeated. An input that ends the program is kept in a file
// that stderr names.
//
// usage: <program> MUTATIONS [CORPUS_FOLDER]      replay the folder
//        <program> FILE                           one input, as libFuzzer does

#include <algorithm>
#include <charconv>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include <fcntl.h>
#include <unistd.h>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

using Bytes = std::vector<std::uint8_t>;

constexpr std::size_t kMaxInputBytes = 64 * 1024;

// Where the input in flight is kept for a post-mortem; null outside the harness.
const Bytes* current_input = nullptr;
std::string crash_file;

// xorshift64*, so that the sequence is the same with every standard library.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}

  std::uint64_t Next() {
    state_ ^= state_ >> 12U;
    state_ ^= state_ << 25U;
    state_ ^= state_ >> 27U;
    return state_ * 0x2545F4914F6CDD1DULL;
  }

  // A number below `limit`, which must not be 0.
  std::size_t Below(std::size_t limit) { return static_cast<std::size_t>(Next() >> 11U) % limit; }

 private:
  std::uint64_t state_;
};

// Keeps the input in flight. Only calls that are safe inside a signal handler.
void SaveInput() {
  if (current_input == nullptr) {
    return;
  }
  const int file = open(crash_file.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644);
  if (file < 0) {
    return;
  }
  const bool saved = write(file, current_input->data(), current_input->size()) >= 0;
  close(file);
  static constexpr char kNote[] = "\nthe input that ended the program is kept in ";
  if (saved && write(STDERR_FILENO, kNote, sizeof kNote - 1) > 0 &&
      write(STDERR_FILENO, crash_file.c_str(), crash_file.size()) > 0) {
    static_cast<void>(!write(STDERR_FILENO, "\n", 1));
  }
}

#ifdef DELEN_SANITIZED
extern "C" void __sanitizer_set_death_callback(void (*callback)());

// The sanitizers have better signal handlers than ours; they call back before they end.
void SaveInputOnCrash() { __sanitizer_set_death_callback(SaveInput); }
#else
extern "C" void SaveInputAndDie(int signal_number) {
  SaveInput();
  std::signal(signal_number, SIG_DFL);
  std::raise(signal_number);
}

void SaveInputOnCrash() {
  for (const int number : {SIGSEGV, SIGABRT, SIGFPE, SIGILL, SIGBUS}) {
    std::signal(number, SaveInputAndDie);
  }
}
#endif

void RunOne(const Bytes& input) {
  current_input = &input;
  LLVMFuzzerTestOneInput(input.data(), input.size());
  current_input = nullptr;
}

Bytes ReadFile(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return Bytes(std::istreambuf_iterator<char>(in), {});
}

// Sorted, because a folder's own order differs between file systems.
std::vector<Bytes> ReadCorpus(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> paths;
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(folder, ignored)) {
    if (entry.is_regular_file()) {
      paths.push_back(entry.path());
    }
  }
  std::sort(paths.begin(), paths.end());
  std::vector<Bytes> corpus;
  corpus.reserve(paths.size());
  for (const auto& path : paths) {
    corpus.push_back(ReadFile(path));
  }
  return corpus;
}

void FlipBit(Bytes& input, Random& random) {
  input[random.Below(input.size())] ^= static_cast<std::uint8_t>(1U << random.Below(8));
}

// Bytes that parsers trip over: ends, quotes, signs, lengths at their limits.
void PutTroublesome(Bytes& input, Random& random) {
  static constexpr std::uint8_t kTroublesome[] = {0,   1,   0x7f, 0x80, 0xff, '"', '\\', '{',
                                                  '}', '[', ']',  ',',  ':',  '-', 'e',  '\n'};
  input[random.Below(input.size())] = kTroublesome[random.Below(std::size(kTroublesome))];
}

void Insert(Bytes& input, Random& random) {
  const auto at = static_cast<std::ptrdiff_t>(random.Below(input.size() + 1));
  input.insert(input.begin() + at, static_cast<std::uint8_t>(random.Below(256)));
}

void Truncate(Bytes& input, Random& random) { input.resize(random.Below(input.size() + 1)); }

void EraseSpan(Bytes& input, Random& random) {
  const std::size_t from = random.Below(input.size());
  const std::size_t count = 1 + random.Below(input.size() - from);
  const auto first = input.begin() + static_cast<std::ptrdiff_t>(from);
  input.erase(first, first + static_cast<std::ptrdiff_t>(count));
}

void DuplicateSpan(Bytes& input, Random& random) {
  const std::size_t from = random.Below(input.size());
  const std::size_t count = 1 + random.Below(std::min<std::size_t>(input.size() - from, 256));
  const auto first = input.begin() + static_cast<std::ptrdiff_t>(from);
  const Bytes span(first, first + static_cast<std::ptrdiff_t>(count));
  const auto at = static_cast<std::ptrdiff_t>(random.Below(input.size() + 1));
  input.insert(input.begin() + at, span.begin(), span.end());
}

// The head of one seed with the tail of another.
void Splice(Bytes& input, const Bytes& other, Random& random) {
  input.resize(random.Below(input.size() + 1));
  const auto from = static_cast<std::ptrdiff_t>(random.Below(other.size() + 1));
  input.insert(input.end(), other.begin() + from, other.end());
}

void MutateOnce(Bytes& input, const Bytes& other, Random& random) {
  if (input.empty()) {
    Insert(input, random);
    return;
  }
  switch (random.Below(7)) {
    case 0: return FlipBit(input, random);
    case 1: return PutTroublesome(input, random);
    case 2: return Insert(input, random);
    case 3: return Truncate(input, random);
    case 4: return EraseSpan(input, random);
    case 5: return DuplicateSpan(input, random);
    default: return Splice(input, other, random);
  }
}

void ReplayMutations(const std::vector<Bytes>& corpus, std::size_t mutations) {
  Random random(20240229);
  for (std::size_t i = 0; i < mutations; ++i) {
    Bytes input = corpus[random.Below(corpus.size())];
    const Bytes& other = corpus[random.Below(corpus.size())];
    for (std::size_t steps = 1 + random.Below(4); steps > 0; --steps) {
      MutateOnce(input, other, random);
    }
    input.resize(std::min(input.size(), kMaxInputBytes));
    RunOne(input);
  }
}

bool ParseCount(std::string_view text, std::size_t& count) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  return error == std::errc() && end == text.data() + text.size();
}

}  // namespace

int main(int argc, char** argv) {
  std::size_t mutations = 0;
  if (argc < 2) {
    std::fprintf(stderr, "usage: %s MUTATIONS [CORPUS_FOLDER] | FILE\n", argv[0]);
    return 2;
  }
  if (!ParseCount(argv[1], mutations)) {
    RunOne(ReadFile(argv[1]));
    return 0;
  }
  crash_file = std::string(argv[0]) + ".crash";
  SaveInputOnCrash();
  std::vector<Bytes> corpus;
  if (argc > 2) {
    corpus = ReadCorpus(argv[2]);
  }
  const std::size_t seeds = corpus.size();
  corpus.emplace_back();  // the empty input is always worth a try
  for (const Bytes& input : corpus) {
    RunOne(input);
  }
  ReplayMutations(corpus, mutations);
  std::printf("%zu seeds and %zu mutations, no crash\n", seeds, mutations);
  return 0;
}

#include "served_glyphs.h"

#include <cstdio>
#include <cstdlib>

#include <unistd.h>

#include "apps/demo/demo_model.h"

namespace delen::e2e {
namespace {

// What the tests stand on: without it there is nothing to test.
template <class T>
T Need(Result<T> result) {
  if (result) return *std::move(result);
  std::fprintf(stderr, "cannot set up: %s\n", result.error().message.c_str());
  std::exit(1);
}

const std::filesystem::path kZoo = std::filesystem::path(DELEN_SOURCE_DIR) / "zoo";

std::filesystem::path MakeModels() {
  auto folder = std::filesystem::temp_directory_path() /
                fmt::format("delen_e2e_{}", static_cast<long>(getpid()));
  std::filesystem::remove_all(folder);
  std::atexit([] { std::filesystem::remove_all(ModelsFolder()); });
  Need(apps::PrepareDemoModel({Program(), kZoo, folder}));
  return folder;
}

}  // namespace

std::string Program() {
  const char* const program = std::getenv("DELEN_PROGRAM");
  return program != nullptr ? program : "build/release/delen";
}

const std::filesystem::path& ModelsFolder() {
  static const std::filesystem::path folder = MakeModels();
  return folder;
}

const core::ModelVersion& Glyphs() {
  static const core::ModelVersion model = Need(core::OpenModelVersion(ModelsFolder(), "glyphs"));
  return model;
}

const apps::LabelledInputs& TestPictures() {
  static const apps::LabelledInputs pictures =
      Need(apps::ReadDemoTestData({Program(), kZoo, ModelsFolder()}, Glyphs().spec));
  return pictures;
}

apps::ServerProcess Serve(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), {"--models", ModelsFolder().string(), "--http-port", "0"});
  return Need(apps::ServerProcess::Start(Program(), arguments));
}

}  // namespace delen::e2e

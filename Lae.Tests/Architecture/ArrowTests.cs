using System.Text.RegularExpressions;

namespace Lae.Tests.Architecture;

/// <summary>
/// The arrows of docs/architecture.md, kept by reading the source: a file may use only folders on its own floor's list. Namespaces follow folders, but for Numerics, Kernels and Models, whose
/// inner folders are parts of one namespace.
/// </summary>
public sealed partial class ArrowTests
{
    /// <summary>Folder of Lae.Core, and the folders that it may use, lowest first.</summary>
    private static readonly Dictionary<string, string[]> Allowed = new(StringComparer.Ordinal)
    {
        ["Numerics/Engines"] = [],
        ["Randomness"] = [],
        ["Formats"] = [],
        ["Numerics"] = ["Numerics/Engines"],
        ["Datasets"] = ["Formats"],
        ["Targets"] = ["Randomness", "Numerics", "Numerics/Engines"],
        ["Kernels"] = ["Targets", "Randomness", "Numerics", "Numerics/Engines"],
        ["Running"] = ["Kernels", "Targets", "Randomness", "Numerics", "Numerics/Engines"],
        ["Adaptation"] = ["Annealing", "Diagnostics", "Running", "Kernels", "Targets", "Randomness", "Numerics", "Numerics/Engines"],
        ["Modes"] = ["Adaptation", "Diagnostics", "Running", "Kernels", "Targets", "Randomness", "Numerics", "Numerics/Engines"],
        ["Annealing"] = ["Running", "Kernels", "Targets", "Randomness", "Numerics", "Numerics/Engines"],
        ["Networks"] = ["Datasets", "Randomness", "Numerics", "Numerics/Engines"],
        ["Optimizers"] = ["Numerics", "Numerics/Engines"],
        ["Diagnostics"] = ["Numerics", "Numerics/Engines"],
        ["Laws"] = ["Running", "Kernels", "Targets", "Randomness", "Numerics", "Numerics/Engines"],
        ["Models"] = ["Datasets", "Networks", "Optimizers", "Kernels", "Targets", "Randomness", "Formats", "Numerics", "Numerics/Engines"],
        ["Evaluation"] = ["Datasets", "Models", "Annealing", "Diagnostics", "Running", "Networks", "Optimizers", "Kernels", "Targets", "Randomness", "Formats", "Numerics", "Numerics/Engines"],
        ["PosteriorInference"] = ["Evaluation", "Models", "Diagnostics", "Networks", "Optimizers", "Kernels", "Targets", "Randomness", "Numerics", "Numerics/Engines"],
        ["Composition"] = ["PosteriorInference", "Datasets", "Models", "Adaptation", "Running", "Networks", "Optimizers", "Kernels", "Targets", "Randomness", "Formats", "Numerics", "Numerics/Engines"],
    };

    [Fact]
    public void Every_folder_of_core_uses_only_the_floors_below_it() => Assert.Empty(Violations(CoreFolder(), Allowed));

    [Fact]
    public void The_table_itself_has_no_circle()
    {
        foreach ((string folder, string[] below) in Allowed)
        {
            Assert.All(below, used => Assert.DoesNotContain(folder, Allowed[used]));
        }
    }

    [Fact]
    public void An_arrow_up_is_rejected()
    {
        Dictionary<string, string[]> stricter = new(Allowed, StringComparer.Ordinal) { ["Kernels"] = ["Numerics"] };
        Assert.Contains(Violations(CoreFolder(), stricter), violation => violation.StartsWith("Kernels", StringComparison.Ordinal));
    }

    [Fact]
    public void Core_knows_no_host_no_logger_and_no_console()
    {
        string project = File.ReadAllText(Path.Combine(CoreFolder(), "Lae.Core.csproj"));
        Assert.DoesNotContain("Microsoft.Extensions.Hosting", project, StringComparison.Ordinal);
        Assert.DoesNotContain("Microsoft.Extensions.Logging", project, StringComparison.Ordinal);
        Assert.DoesNotContain("ProjectReference", project, StringComparison.Ordinal);
    }

    [Fact]
    public void No_project_of_the_solution_refers_to_torch()
    {
        string root = Path.GetDirectoryName(CoreFolder())!;
        foreach (string project in Directory.EnumerateFiles(root, "*proj", SearchOption.AllDirectories))
        {
            Assert.DoesNotContain("TorchSharp", File.ReadAllText(project), StringComparison.OrdinalIgnoreCase);
        }
    }

    private static List<string> Violations(string core, Dictionary<string, string[]> allowed)
    {
        List<string> violations = [];
        foreach (string file in Directory.EnumerateFiles(core, "*.cs", SearchOption.AllDirectories))
        {
            string relative = Path.GetRelativePath(core, file).Replace('\\', '/');
            if (relative.StartsWith("obj/", StringComparison.Ordinal) || relative.StartsWith("bin/", StringComparison.Ordinal))
            {
                continue;
            }

            string folder = Floor(relative);
            if (!allowed.TryGetValue(folder, out string[]? below))
            {
                violations.Add($"{folder}: a folder without a place in the picture ({relative})");
                continue;
            }

            string text = File.ReadAllText(file);
            foreach (string used in Namespaces().Matches(text).Select(match => match.Groups[1].Value).Distinct())
            {
                string floor = used.StartsWith("Numerics.Engines", StringComparison.Ordinal) ? "Numerics/Engines" : used.Split('.')[0];
                if (allowed.ContainsKey(floor) && floor != folder && !below.Contains(floor))
                {
                    violations.Add($"{folder} uses {floor} in {relative}");
                }
            }
        }

        return violations;
    }

    private static string Floor(string relative) =>
        relative.StartsWith("Numerics/Engines/", StringComparison.Ordinal) ? "Numerics/Engines" : relative.Split('/')[0];

    private static string CoreFolder() => Path.Combine(SharedFiles.Root(), "Lae.Core");

    [GeneratedRegex(@"(?:using(?: static)?|\W)\s*Lae\.([A-Z][A-Za-z]*(?:\.[A-Z][A-Za-z]*)*)")]
    private static partial Regex Namespaces();
}

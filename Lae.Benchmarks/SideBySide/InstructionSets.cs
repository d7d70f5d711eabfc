using System.Globalization;
using System.Text;

namespace Lae.Benchmarks.SideBySide;

/// <summary>The command <c>paths</c>: the main works on one thread with all that the processor has and with less, in processes of their own that are told so by the runtime's own variables, and take turns.</summary>
internal static class InstructionSets
{
    private const int Turns = 5;
    private const double SecondsOfTurn = 0.4;

    private static readonly string[] WorkNames = ["normals-single", "normals-double", "ula-diagonal", "ula-dense", "product-hidden"];

    private static readonly (string Title, string? Variable)[] Paths =
    [
        ("all", null), ("256 bits", "DOTNET_EnableAVX512"), ("128 bits", "DOTNET_EnableAVX2"), ("portable", "DOTNET_EnableHWIntrinsic"),
    ];

    public static int Run()
    {
        string section = Section();
        Console.Write(section);
        BenchmarkSections.Write(BenchmarkSections.InstructionSets, section);
        return 0;
    }

    /// <summary>The section of docs/benchmarks.md, in Markdown.</summary>
    private static string Section()
    {
        StringBuilder text = new();
        text.Append("Times of Lae on one thread with a part of the processor's instructions turned off, in multiples of the time with all of them: medians of five turns of four processes. Written by `dotnet run -c Release --project Lae.Benchmarks -- paths`. Without AVX2 there is no fused multiply-add instruction, and each is a call of the C library. `.ci/run --long` runs the tests on each of these paths, on the last two without those of whole programs; bits differ between them: the promise of equal bits holds for one set of instructions.\n\n");
        text.Append("| work | time with all |");
        foreach ((string title, string? variable) in Paths.Skip(1))
        {
            text.Append(CultureInfo.InvariantCulture, $" {title} (`{variable}=0`) |");
        }

        text.Append("\n|---|---|").Append(string.Concat(Enumerable.Repeat("---|", Paths.Length - 1))).Append('\n');
        foreach (string name in WorkNames)
        {
            text.Append(Row(Works.All.Single(work => work.Name == name)));
        }

        return text.Append('\n').ToString();
    }

    private static string Row(Work work)
    {
        string data = Path.GetTempFileName();
        try
        {
            work.WriteData?.Invoke(data);
            MeasuredPath[] paths = [.. Paths.Select(path => new MeasuredPath(work, data, path.Variable))];
            try
            {
                for (int turn = 0; turn < Turns; turn++)
                {
                    foreach (MeasuredPath path in paths)
                    {
                        path.Measure();
                    }
                }

                double whole = paths[0].Seconds;
                return $"| {work.Title} | {Duration.Text(whole)} each {work.Unit} |{string.Concat(paths.Skip(1).Select(path => string.Create(CultureInfo.InvariantCulture, $" {path.Seconds / whole:F1} |")))}\n";
            }
            finally
            {
                Array.ForEach(paths, path => path.Dispose());
            }
        }
        finally
        {
            File.Delete(data);
        }
    }

    /// <summary>A process that does one work on one path.</summary>
    private sealed class MeasuredPath : IDisposable
    {
        private readonly TurnProcess process;
        private readonly List<double> times = [];
        private int units = 1;

        public MeasuredPath(Work work, string data, string? variable)
        {
            Dictionary<string, string> environment = new(TurnProcess.Environment(1, isPassive: false));
            if (variable is not null)
            {
                environment[variable] = "0";
            }

            process = TurnProcess.Start(Side.Program, ["serve", "lae", work.LaeName, "1", data], environment)
                ?? throw new InvalidOperationException($"{work.Name} did not start with {variable}=0.");
            // until a turn is long enough, which is time for the compiler to finish too
            while (Ask() < SecondsOfTurn)
            {
                units *= 2;
            }
        }

        /// <summary>The median time of a unit.</summary>
        public double Seconds => times.Order().ElementAt(times.Count / 2) / units;

        public void Measure() => times.Add(Ask());

        public void Dispose() => process.Dispose();

        private double Ask() => process.Ask(units.ToString(CultureInfo.InvariantCulture)).GetProperty("seconds").GetDouble();
    }
}

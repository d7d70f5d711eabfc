using System.Diagnostics;
using System.Globalization;
using Lae.Diagnostics;

namespace Lae.Benchmarks.Stan;

/// <summary>What one side did in one run.</summary>
/// <param name="Seconds">Wall clock, warm-up included.</param>
/// <param name="WarmupGradients">Gradients of all chains in the warm-up.</param>
/// <param name="Gradients">Gradients of all chains after it.</param>
/// <param name="Divergences">Divergent transitions after the warm-up.</param>
/// <param name="Draws">One for each name of the posterior.</param>
internal sealed record SideRun(double Seconds, double WarmupGradients, double Gradients, long Divergences, IReadOnlyList<ChainDraws> Draws);

/// <summary>Stan's NUTS in a process of R that stays: <c>Peers/nuts.R</c> says what it understands.</summary>
internal sealed class StanProcess : IDisposable
{
    private const int Chains = 4;
    private const int Draws = 1000;

    private readonly Process process;
    private readonly string models;
    private readonly string scratch = Directory.CreateTempSubdirectory("lae-stan-").FullName;

    /// <param name="models">The folder of the models and of the script.</param>
    /// <param name="cache">Where compiled models are kept.</param>
    public StanProcess(string models, string cache)
    {
        this.models = models;
        Directory.CreateDirectory(cache);
        process = Process.Start(new ProcessStartInfo("Rscript", [Path.Combine(models, "nuts.R"), cache]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })
            ?? throw new InvalidOperationException("Rscript did not start.");
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginErrorReadLine();
    }

    /// <summary>The version of R and of rstan.</summary>
    public string Version() => Ask("version", "version");

    /// <summary>Compiles a model, or takes it from the cache.</summary>
    /// <returns>The seconds it took.</returns>
    public double Compile(string model) => double.Parse(Ask($"compile {File(model)}", "compiled"), CultureInfo.InvariantCulture);

    /// <summary>Runs 4 chains of 1,000 + 1,000 on two cores.</summary>
    public SideRun Sample(StanProblem problem, int seed)
    {
        string data = Path.Combine(scratch, "data.R");
        string draws = Path.Combine(scratch, "draws.bin");
        System.IO.File.WriteAllText(data, problem.Data);
        string names = string.Join(',', problem.Posterior.Names);
        double[] figures = [.. Ask(string.Create(CultureInfo.InvariantCulture, $"sample {File(problem.Model)} {data} {seed} {draws} {names}"), "sampled")
            .Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(text => double.Parse(text, CultureInfo.InvariantCulture))];
        using BinaryReader reader = new(System.IO.File.OpenRead(draws));
        ChainDraws[] all = [.. problem.Posterior.Names.Select(_ => ChainDraws.Of(
            [.. Enumerable.Range(0, Chains).Select(_ => (double[])[.. Enumerable.Range(0, Draws).Select(_ => reader.ReadDouble())])]))];
        return new SideRun(figures[0], figures[1], figures[2], (long)figures[3], all);
    }

    public void Dispose()
    {
        process.StandardInput.Close();
        process.WaitForExit();
        process.Dispose();
        Directory.Delete(scratch, recursive: true);
    }

    private string File(string model) => Path.Combine(models, model + ".stan");

    /// <summary>Sends a line, and reads on to the answer: Stan prints of its own what it likes.</summary>
    private string Ask(string line, string answer)
    {
        process.StandardInput.WriteLine(line);
        process.StandardInput.Flush();
        while (process.StandardOutput.ReadLine() is { } read)
        {
            if (read.StartsWith(answer + " ", StringComparison.Ordinal))
            {
                return read[(answer.Length + 1)..].Trim();
            }
        }

        throw new InvalidOperationException($"R ended at '{line}'. Are r-cran-rstan and libboost-dev installed?");
    }
}

using System.Globalization;
using System.Text;
using Lae.Adaptation;
using Lae.Diagnostics;
using Lae.Host.Runs;
using Lae.Kernels;
using Lae.Running;

namespace Lae.Host.Sampling;

/// <summary>Shows how sampling goes: how far, how fast, how much is left, acceptance with that of the worst chain, divergences, and where it costs little the worst R-hat and effective size so far. Nothing that it does changes a draw.</summary>
/// <param name="names">The names of the quantities.</param>
/// <param name="chains">Chains.</param>
/// <param name="line">Makes the line of a phase, from the transitions done before and those in all.</param>
internal sealed class SamplingProgress(IReadOnlyList<string> names, int chains, Func<long, long, ProgressLine> line)
{
    /// <summary>Numbers of a draw up to which running figures are kept.</summary>
    private const int MostWatched = 2_000;

    /// <summary>Chains up to which one is told by its number.</summary>
    private const int FewChains = 64;

    private readonly double[] acceptance = new double[chains];
    private StreamingScaleReduction? watched = (long)chains * names.Count <= MostWatched ? StreamingScaleReduction.Empty(chains, names.Count) : null;
    private ProgressLine? phase;
    private bool isSampling;
    private double? stepSize;
    private long decisions;
    private long divergences;

    /// <summary>Begins a phase.</summary>
    /// <param name="done">Transitions of the phase that are done.</param>
    /// <param name="total">Transitions of the phase, at most.</param>
    /// <param name="sampling">Whether draws are kept in it.</param>
    public void Begin(long done, long total, bool sampling)
    {
        Clear();
        phase = line(done, total);
        (isSampling, stepSize, decisions, divergences) = (sampling, null, 0, 0);
        Array.Clear(acceptance);
    }

    /// <summary>Takes note of a transition of a warm-up.</summary>
    /// <param name="warmup">How far it has come.</param>
    public void Adapted(WarmupProgress warmup)
    {
        stepSize = warmup.StepSize;
        decisions++;
        Array.Fill(acceptance, acceptance[0] + warmup.Acceptance);
        phase?.Stepped(warmup.Done, () => "warm-up", Figures);
    }

    /// <summary>Takes note of a transition.</summary>
    /// <param name="done">Transitions of the phase that are done.</param>
    /// <param name="info">What happened in it.</param>
    public void Stepped(long done, StepInfo info)
    {
        if (info.AcceptanceProbability is { } probability)
        {
            decisions++;
            for (int chain = 0; chain < chains; chain++)
            {
                acceptance[chain] += probability.ElementAt(chain);
            }
        }

        for (int chain = 0; info.Divergent is { } divergent && chain < chains; chain++)
        {
            divergences += divergent.ElementAt(chain) != 0 ? 1 : 0;
        }

        phase?.Stepped(done, () => isSampling ? "sampling" : "warm-up", Figures);
    }

    /// <summary>Takes note of a draw.</summary>
    /// <param name="reported">[chains, names] row by row.</param>
    public void Watch(double[] reported) => watched = watched?.Add((ReadOnlySpan<double>)reported);

    /// <summary>Takes the line in place away.</summary>
    public void Clear() => phase?.Clear();

    private string Figures()
    {
        StringBuilder text = new();
        if (decisions > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"  acceptance {acceptance.Average() / decisions:F2}");
            double least = acceptance.Min() / decisions;
            if (stepSize is null && chains is > 1 and <= FewChains)
            {
                text.Append(CultureInfo.InvariantCulture, $" (lowest {least:F2}, chain {Array.IndexOf(acceptance, acceptance.Min()) + 1})");
            }
        }

        if (stepSize is { } step)
        {
            text.Append(CultureInfo.InvariantCulture, $"  step size {step:G3}");
        }

        if (divergences > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"  {divergences:N0} divergent");
        }

        if (isSampling && watched is { Count: > 0 } figures)
        {
            Worst(text, "R-hat", "0.000", figures.RHat(), (one, worst) => one > worst);
            Worst(text, "ESS", "0", figures.EffectiveSampleSize(), (one, worst) => one < worst);
        }

        return text.ToString();
    }

    private void Worst(StringBuilder text, string name, string format, double[] values, Func<double, double, bool> isWorse)
    {
        int worst = -1;
        for (int i = 0; i < values.Length; i++)
        {
            worst = double.IsFinite(values[i]) && (worst < 0 || isWorse(values[i], values[worst])) ? i : worst;
        }

        if (worst >= 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"  {name} {values[worst].ToString(format, CultureInfo.InvariantCulture)} ({names[worst]})");
        }
    }
}

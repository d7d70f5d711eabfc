using Lae.Numerics;

namespace Lae.Diagnostics;

/// <summary>The summary table of a run: one line for each parameter, and what only shows when all parameters are seen together. Immutable.</summary>
public sealed class DrawSummary
{
    internal DrawSummary(int chains, long length, IReadOnlyList<ParameterSummary> parameters, IReadOnlyList<string> notFinite, IReadOnlyList<string> constant, IReadOnlyList<int> stuckChains)
    {
        Chains = chains;
        Length = length;
        Parameters = parameters;
        NotFinite = notFinite;
        Constant = constant;
        StuckChains = stuckChains;
    }

    /// <summary>How many chains.</summary>
    public int Chains { get; }

    /// <summary>Draws in each chain.</summary>
    public long Length { get; }

    /// <summary>One line for each parameter, in the order of the names.</summary>
    public IReadOnlyList<ParameterSummary> Parameters { get; }

    /// <summary>Parameters of which a draw is not a finite number.</summary>
    public IReadOnlyList<string> NotFinite { get; }

    /// <summary>Parameters that have one value in all draws of all chains, such as the corner of a correlation matrix.</summary>
    public IReadOnlyList<string> Constant { get; }

    /// <summary>Chains, from 0, in which no parameter ever changed.</summary>
    public IReadOnlyList<int> StuckChains { get; }

    /// <summary>Summarises parameters one by one, so that no more than the draws of one need be in memory.</summary>
    /// <param name="names">At least one.</param>
    /// <param name="draws">Gives the draws of the parameter of an index; all have the same chains and length. Called once for each.</param>
    /// <returns>The summary.</returns>
    /// <exception cref="ArgumentException">There is no name, or the draws of parameters differ in form.</exception>
    public static DrawSummary Of(IReadOnlyList<string> names, Func<int, ChainDraws> draws)
    {
        if (names.Count == 0)
        {
            throw new ArgumentException("There are no parameters.", nameof(names));
        }

        List<ParameterSummary> parameters = [];
        List<string> notFinite = [];
        List<string> constant = [];
        bool[] moved = [];
        long length = 0;
        for (int i = 0; i < names.Count; i++)
        {
            ChainDraws one = draws(i);
            if (i == 0)
            {
                (moved, length) = (new bool[one.Chains], one.Length);
            }
            else if (one.Chains != moved.Length || one.Length != length)
            {
                throw new ArgumentException($"{names[i]} has {one.Chains} chains of {one.Length} draws, the parameters before it {moved.Length} of {length}.", nameof(draws));
            }

            parameters.Add(ParameterSummary.Of(names[i], one));
            bool isConstant = true;
            bool isFinite = true;
            for (int chain = 0; chain < one.Chains; chain++)
            {
                foreach (double value in one[chain])
                {
                    isFinite &= double.IsFinite(value);
                    isConstant &= value.Equals(one[0][0]);
                    moved[chain] |= !value.Equals(one[chain][0]);
                }
            }

            if (!isFinite)
            {
                notFinite.Add(names[i]);
            }
            else if (isConstant)
            {
                constant.Add(names[i]);
            }
        }

        // a single draw tells nothing of movement
        int[] stuck = length < 2 ? [] : [.. Enumerable.Range(0, moved.Length).Where(chain => !moved[chain])];
        return new DrawSummary(moved.Length, length, parameters, notFinite, constant, stuck);
    }

    /// <summary>Summarises the positions of a run.</summary>
    /// <param name="names">One for each coordinate.</param>
    /// <param name="positions">[draws, chains, dimension].</param>
    /// <returns>The summary.</returns>
    /// <exception cref="ArgumentException">There are not as many names as coordinates.</exception>
    public static DrawSummary OfPositions(IReadOnlyList<string> names, Tensor positions) => positions.Rank == 3 && positions.Shape[2] == names.Count
        ? Of(names, coordinate => ChainDraws.OfPositions(positions, coordinate))
        : throw new ArgumentException($"{names.Count} names do not name the coordinates of {positions.Shape}.", nameof(names));

    /// <summary>Summarises draws that were not kept: quantiles and the tail's effective sample size are NaN, R̂ is not rank-normalised.</summary>
    /// <param name="names">One for each coordinate.</param>
    /// <param name="stream">What was kept of the draws, of one or more.</param>
    /// <returns>The summary.</returns>
    /// <exception cref="ArgumentException">There are not as many names as coordinates, or there was no draw.</exception>
    public static DrawSummary OfStream(IReadOnlyList<string> names, StreamingScaleReduction stream)
    {
        if (names.Count != stream.Dimension || stream.Count == 0)
        {
            throw new ArgumentException($"{names.Count} names do not name {stream.Dimension} coordinates of {stream.Count} draws.", nameof(names));
        }

        (double[] mean, double[] sd, double[] reduction, double[] size) = (stream.Mean(), stream.StandardDeviation(), stream.RHat(), stream.EffectiveSampleSize());
        ParameterSummary[] parameters = [.. names.Select((name, i) => new ParameterSummary(
            name, mean[i], sd[i], sd[i] / Math.Sqrt(size[i]), double.NaN, double.NaN, double.NaN, reduction[i], size[i], double.NaN))];
        return new DrawSummary(
            stream.Chains,
            stream.Count,
            parameters,
            [.. parameters.Where(one => !double.IsFinite(one.Mean)).Select(one => one.Name)],
            [.. parameters.Where(one => one.Sd == 0).Select(one => one.Name)],
            stream.Count < 2 ? [] : stream.StuckChains());
    }
}

using Lae.Kernels;
using Lae.Numerics;
using Lae.Randomness;
using Lae.Targets;

namespace Lae.Adaptation;

/// <summary>A kernel inside a combinator: one that is fixed, or one whose settings are open.</summary>
/// <param name="Fixed">The kernel as it is, with defaults for what is open.</param>
/// <param name="Open">The kernel with its open settings; null if it has none.</param>
public sealed record TunablePart(IKernel Fixed, ITunableKernel? Open);

/// <summary>Kernels made of kernels whose settings are open.</summary>
public static class TunableCombinations
{
    /// <summary>A kernel around one kernel, such as a repetition, a temperature or a change of variables: what serves the kernel inside serves it, and its transitions are those of the warm-up.</summary>
    /// <param name="inner">The kernel inside, its settings open.</param>
    /// <param name="around">What is put around it: a pure function.</param>
    /// <param name="variables">x = f(y) where the kernel inside moves y; null where it moves x.</param>
    /// <returns>A kernel to be tuned.</returns>
    public static ITunableKernel Around(ITunableKernel inner, Func<IKernel, IKernel> around, Bijection? variables = null) => new Mapped(inner, around, variables);

    /// <summary>
    /// A kernel made of several for one target, some with open settings: one tuning for all of these, by the mean of their acceptances in a composition of them alone, each measuring its steps in its own units
    /// (<see cref="StepSizeUnit"/>). They aim at the mean of their targets, or at the highest where one is unadjusted, since its bias follows. Where one is to lead, or only one is open, it is warmed up alone.
    /// </summary>
    /// <param name="parts">The kernels.</param>
    /// <param name="combine">The combinator.</param>
    /// <param name="compose">The kernels one after another.</param>
    /// <param name="lastLeads">Whether the last open kernel is warmed up for all, as in a schedule that ends with it.</param>
    /// <returns>A kernel to be tuned; null if nothing is open.</returns>
    /// <exception cref="ArgumentException">One scale cannot serve all that are open.</exception>
    public static ITunableKernel? Of(IReadOnlyList<TunablePart> parts, Func<IReadOnlyList<IKernel>, IKernel> combine, Func<IReadOnlyList<IKernel>, IKernel> compose, bool lastLeads = false)
    {
        ITunableKernel[] open = [.. parts.Select(part => part.Open).OfType<ITunableKernel>()];
        if (open.Length == 0)
        {
            return null;
        }

        foreach (ITunableKernel other in open[..^1])
        {
            Require(other, open[^1]);
        }

        return new Combined(parts, open, combine, compose, open.Length == 1 || lastLeads);
    }

    private static void Require(ITunableKernel one, ITunableKernel other)
    {
        bool scalesAlike = one.Aims.Scale == other.Aims.Scale || (one.Aims.Scale != ScaleSource.Gradients && other.Aims.Scale != ScaleSource.Gradients);
        if (one.Aims.Variables is not null || other.Aims.Variables is not null || !scalesAlike)
        {
            throw new ArgumentException(
                $"The step sizes of '{one.Name}' and '{other.Name}' cannot both be left to one warm-up: {(scalesAlike ? "they move other variables" : "they learn their scale from other things")}, and one scale is found for all. Give StepSize to one of them.");
        }
    }

    private sealed class Mapped(ITunableKernel inner, Func<IKernel, IKernel> around, Bijection? variables) : ITunableKernel
    {
        public string Name { get; } = inner.Name;

        public TuningAims Aims { get; } = variables is null ? inner.Aims : inner.Aims with { Variables = inner.Aims.Variables?.Then(variables) ?? variables };

        public IKernel Create(KernelTuning tuning) => around(inner.Create(tuning));

        public IKernel CreateDeciding(KernelTuning tuning) => around(inner.CreateDeciding(tuning));

        public WarmupOutcome WarmUp(Tensor start, RandomKey key, WarmupSettings settings, IProgress<WarmupProgress>? progress = null, CancellationToken cancellation = default)
        {
            WarmupOutcome found = inner.WarmUp(variables?.Inverse(start) ?? start, key, settings, progress, cancellation);
            return variables is null ? found : found with { Position = variables.Forward(found.Position).Detach() };
        }
    }

    private sealed class Combined(
        IReadOnlyList<TunablePart> parts, ITunableKernel[] open, Func<IReadOnlyList<IKernel>, IKernel> combine, Func<IReadOnlyList<IKernel>, IKernel> compose, bool lastLeads) : ITunableKernel
    {
        private readonly int dimension = parts[0].Fixed.Dimension;

        public string Name { get; } = string.Join(", ", open.Select(kernel => kernel.Name));

        public TuningAims Aims { get; } = lastLeads ? open[^1].Aims : Joint(open, parts[0].Fixed.Dimension);

        public IKernel Create(KernelTuning tuning) => combine([.. parts.Select(part => part.Open is { } kernel ? kernel.Create(Own(kernel.Aims, tuning)) : part.Fixed)]);

        public IKernel CreateDeciding(KernelTuning tuning) => lastLeads
            ? open[^1].CreateDeciding(tuning)
            : compose([.. open.Select(kernel => kernel.CreateDeciding(Own(kernel.Aims, tuning)))]);

        public WarmupOutcome WarmUp(Tensor start, RandomKey key, WarmupSettings settings, IProgress<WarmupProgress>? progress = null, CancellationToken cancellation = default) =>
            lastLeads ? open[^1].WarmUp(start, key, settings, progress, cancellation) : Warmup.Standard(this).Run(start, key, settings, progress, cancellation);

        /// <summary>The tuning in the units of one of the kernels.</summary>
        private KernelTuning Own(TuningAims own, KernelTuning tuning)
        {
            double stepSize = FromTime(own.Unit, ToTime(Aims.Unit, tuning.StepSize, dimension), dimension);
            double? path = own.PathLength is { } length && tuning.PathLength is { } found && Aims.PathLength is { } whole ? length * found / whole : own.PathLength;
            return tuning.WithStepSize(stepSize).WithPathLength(path);
        }

        private static TuningAims Joint(ITunableKernel[] open, int dimension)
        {
            TuningAims[] all = [.. open.Select(kernel => kernel.Aims)];
            StepSizeUnit unit = all.All(aims => aims.Unit == all[0].Unit) ? all[0].Unit : StepSizeUnit.Time;
            double path = all.Max(aims => aims.PathLength is { } length ? FromTime(unit, ToTime(aims.Unit, length, dimension), dimension) : 0);
            bool isUnadjusted = all.Any(aims => aims.IsUnadjusted);
            return new TuningAims(isUnadjusted ? all.Max(aims => aims.TargetAcceptance) : all.Average(aims => aims.TargetAcceptance))
            {
                IsUnadjusted = isUnadjusted,
                Temperature = all[0].Temperature,
                Scale = all.Max(aims => aims.Scale),
                Unit = unit,
                PathLength = path > 0 ? path : null,
            };
        }

        private static double ToTime(StepSizeUnit unit, double size, int dimension) => unit switch
        {
            StepSizeUnit.Diffusion => Math.Sqrt(2 * size),
            StepSizeUnit.Way => size / Math.Sqrt(dimension),
            _ => size,
        };

        private static double FromTime(StepSizeUnit unit, double time, int dimension) => unit switch
        {
            StepSizeUnit.Diffusion => time * time / 2,
            StepSizeUnit.Way => time * Math.Sqrt(dimension),
            _ => time,
        };
    }
}

using Lae.Numerics;

namespace Lae.Kernels;

/// <summary>A part of an annealing schedule.</summary>
/// <typeparam name="TState">The state type.</typeparam>
public sealed record AnnealingStage<TState>
    where TState : class, IKernelState<TState>
{
    /// <summary>A stage with a checked length.</summary>
    /// <param name="kernel">The kernel of the stage.</param>
    /// <param name="transitions">How many transitions it makes, 1 or more; the last stage of a schedule goes on.</param>
    public AnnealingStage(Kernel<TState> kernel, int transitions = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(transitions, 1);
        Kernel = kernel;
        Transitions = transitions;
    }

    /// <summary>The kernel of the stage.</summary>
    public Kernel<TState> Kernel { get; }

    /// <summary>How many transitions it makes.</summary>
    public int Transitions { get; }
}

/// <content>A schedule of kernels.</content>
public static partial class Combinators
{
    /// <summary>
    /// A schedule of kernels over the transitions of a run, by their number: first stage, second stage, and the last for ever. Where a stage ends the state is refreshed by the next kernel, at the cost of one gradient, since
    /// log density and gradient are of another target; where all stages have one target (and differ in step size or temperature) nothing need be refreshed.
    /// </summary>
    /// <typeparam name="TState">The state type of all, which must keep a log density.</typeparam>
    /// <param name="stages">One or more, in their order.</param>
    /// <param name="oneTarget">Whether the caches of a state hold for every stage.</param>
    /// <returns>A kernel; its infos count the gradient of a refresh in the transition that ends the stage.</returns>
    /// <exception cref="ArgumentException">There is no stage, the kernels do not fit each other, or their state keeps no log density.</exception>
    public static Kernel<AnnealedState<TState>> Anneal<TState>(IReadOnlyList<AnnealingStage<TState>> stages, bool oneTarget = false)
        where TState : class, IKernelState<TState>
    {
        Kernel<TState>[] kernels = [.. stages.Select(stage => stage.Kernel)];
        RequireAlike(kernels, nameof(stages));
        RequireLogDensity(kernels[0]);
        long[] ends = new long[stages.Count];
        long end = 0;
        for (int i = 0; i < ends.Length; i++)
        {
            ends[i] = end = checked(end + stages[i].Transitions);
        }

        ends[^1] = long.MaxValue;
        return new Kernel<AnnealedState<TState>>(
            $"annealed {kernels[0].Name}",
            kernels[0].Dimension,
            kernels[0].DType,
            position => Staged(kernels[0].Initialize(position), 0),
            Refresh,
            source => new Noise(source, TensorTree.Empty, [kernels[StageOf(source.Step)].DrawNoise(source)]),
            (noise, state) => Move(noise, default, state),
            (source, state) => state with { Inner = kernels[0].Thermalize(source, state.Inner) })
        {
            IsDivisible = kernels.All(kernel => kernel.IsDivisible),
            Move = (source, state) => Move(null, source, state),
        };

        int StageOf(long step)
        {
            int stage = 0;
            while (step >= ends[stage])
            {
                stage++;
            }

            return stage;
        }

        AnnealedState<TState> Staged(TState state, int stage) =>
            new(state, Tensor.Full(stage, new Shape(state.Position.Shape[0]), state.Position.DType, state.Position.Workspace));

        AnnealedState<TState> Refresh(AnnealedState<TState> state)
        {
            double[] of = state.Stage.ToArray();
            TState inner = kernels[(int)of[0]].Refresh(state.Inner);

            // chains are of one stage, unless a mixture left some of them behind
            foreach (double stage in of.Distinct().Skip(1))
            {
                Tensor rows = Tensor.FromArray([.. of.Select(s => s == stage ? 1.0 : 0.0)]).Cast(state.Stage.DType);
                inner = StateOperations.ChooseRows(rows, kernels[(int)stage].Refresh(state.Inner), inner);
            }

            return state with { Inner = inner };
        }

        // by given noise, or by what the source draws
        Transition<AnnealedState<TState>> Move(Noise? noise, NoiseSource source, AnnealedState<TState> state)
        {
            long step = noise?.Step ?? source.Step;
            int stage = StageOf(step);
            int next = StageOf(step + 1);
            TState inner = state.Inner;
            int refreshes = 0;
            if (!oneTarget && !IsOf(stage, state.Stage))
            {
                // a state that was begun at another transition than the first, or left behind
                inner = kernels[stage].Refresh(inner);
                refreshes++;
            }

            Transition<TState> moved = noise is null ? kernels[stage].Transition(source, inner) : kernels[stage].Advance(noise.Parts[0], inner);
            inner = moved.State;
            if (!oneTarget && next != stage)
            {
                inner = kernels[next].Refresh(inner);
                refreshes++;
            }

            return new Transition<AnnealedState<TState>>(Staged(inner, oneTarget ? 0 : next), moved.Info.WithMoreGradients(refreshes));
        }
    }

    /// <summary>Whether the caches of every chain are of a stage.</summary>
    private static bool IsOf(int stage, Tensor stages)
    {
        bool all = true;
        for (int chain = 0; all && chain < stages.Count; chain++)
        {
            all = stages.ElementAt(chain) == stage;
        }

        return all;
    }
}
